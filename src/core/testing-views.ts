/** The clock of an application's test keys. */
export interface TestClockView {
  readonly object: 'test_clock';
  /** The service's own time, which no test moves. */
  readonly now: string;
  /** How far it was advanced in all. */
  readonly advanced_seconds: number;
  /** Open test verifications that this call made older. */
  readonly moved: number;
}
