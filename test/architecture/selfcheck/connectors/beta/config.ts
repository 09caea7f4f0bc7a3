export interface Config {
  readonly planted: true;
}
