/** The folder beside manifest.yaml in which the streams of a connector with many of them stand, each in its own file. */
export const STREAMS_FOLDER = 'streams';

/** The whole manifest: that of manifest.yaml, with the streams that stand in files of their own. */
export function withStreams(manifest: unknown, streams: readonly unknown[]): unknown {
  if (streams.length === 0 || typeof manifest !== 'object' || manifest === null) return manifest;
  return { ...manifest, streams };
}
