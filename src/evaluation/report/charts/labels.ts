/** A point in pixels that wants a name beside it. */
export interface Named {
  x: number;
  y: number;
  text: string;
}

/** Where a name goes, from its point. */
export interface Place {
  dx: number;
  dy: number;
  align: "left" | "right" | "center";
}

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

const PLACES: readonly Place[] = [
  { dx: 8, dy: -9, align: "left" },
  { dx: 8, dy: 10, align: "left" },
  { dx: -8, dy: -9, align: "right" },
  { dx: -8, dy: 10, align: "right" },
  ...[22, -22, 35, -35, 48, -48, 61, -61].flatMap((dy): Place[] => [
    { dx: 8, dy, align: "left" },
    { dx: -8, dy, align: "right" },
  ]),
];

/** Places names so that none lies on another one or leaves the chart; where there is no room the first place is taken. */
export function placeLabels(points: readonly Named[], width: number, height: number): Place[] {
  const taken: Box[] = points.map(({ x, y }) => ({ left: x - 4, right: x + 4, top: y - 4, bottom: y + 4 }));
  return points.map((point) => {
    const free = PLACES.find((place) => {
      const box = boxOf(point, place);
      const inside = box.left >= 0 && box.right <= width && box.top >= 0 && box.bottom <= height;
      return inside && !taken.some((other) => meet(box, other));
    });
    const place = free ?? PLACES[0]!;
    taken.push(boxOf(point, place));
    return place;
  });
}

function boxOf({ x, y, text }: Named, { dx, dy, align }: Place): Box {
  // About the width of a letter at 11 px; exact widths are known only where it is shown.
  const width = 6.2 * text.length;
  const left = x + dx - (align === "right" ? width : align === "center" ? width / 2 : 0);
  return { left, right: left + width, top: y + dy - 6, bottom: y + dy + 6 };
}

const meet = (a: Box, b: Box): boolean => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
