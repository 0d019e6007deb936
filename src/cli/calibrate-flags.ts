/** Options of `cope calibrate` as the command line has them: strings, until `calibrate-options` parses them. */
export interface CalibrateFlags {
  tape?: string;
  recording?: string;
  data?: string;
  atLeastAccuracy?: string;
  atMostCost?: string;
  notBelowLarge?: string;
  labels: boolean;
  usd?: boolean;
  price: string[];
  folds?: string;
  seed?: string;
  samples?: string;
  stages: string[];
  out?: string;
  check?: string;
  calibration?: string;
  small?: string;
  large?: string;
  limit?: string;
  json?: boolean;
}
