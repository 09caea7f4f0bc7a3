/** The testing kit of connectors: fakes for all that a connector is handed, and golden cases. Free of test runners. */
export { type FakeClock, type FakeClockOptions, fakeClock } from './clock.ts';
export { fakeDeps, fakeDigest, loadManifest, loadReads } from './deps.ts';
export { type Answer, type Exchange, type FakeFetch, fakeFetch } from './fetch.ts';
export { canonicalPretty, canonicalText, expectGolden, type GoldenCase, goldenCases } from './golden.ts';
export { type LogLine, type RecordingLogger, recordingLogger } from './logger.ts';
export { sampleField, sampleManifest, sampleRead } from './manifest.ts';
export {
  type AdmittedOptions,
  AMPLE_BUDGET,
  admitted,
  everything,
  onlyScope,
  type RecordingRun,
  type RecordingRunOptions,
  recordingRun,
} from './run.ts';
