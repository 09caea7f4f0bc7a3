/** A value that must never leave. Several may share an id. */
export interface CanaryMarker {
  readonly id: string;
  readonly value: string;
}
