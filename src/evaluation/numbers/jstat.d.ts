/** The few functions of jstat that are used here; the package brings no types. */
declare module "jstat" {
  const jStat: {
    mean(values: readonly number[]): number;
    normal: {
      cdf(x: number, mean: number, deviation: number): number;
      inv(p: number, mean: number, deviation: number): number;
    };
    binomial: { cdf(hits: number, n: number, p: number): number };
  };
  export default jStat;
}
