import type { Context } from 'hono';
import { accepts } from 'hono/accepts';
import { AGE_MEDIA_TYPE, encryptTo } from '../../evidence/bundle/age.ts';
import {
  BUNDLE_FORMS,
  type BundleForm,
  FORM_EXTENSIONS,
  FORM_MEDIA_TYPES,
} from '../../evidence/bundle/documents.ts';
import { openBundle } from '../../evidence/bundle/open.ts';
import { writableFrom } from '../../evidence/bundle/writable.ts';
import { writeBundle } from '../../evidence/bundle/write.ts';
import { sha256Hex } from '../../evidence/digest.ts';
import type { StoredBundle } from '../../evidence/store/store.ts';
import type { ApiDeps, ApiEnv } from './deps.ts';
import { HELD_BACK } from './middleware/net.ts';
import { ApiError } from './problem.ts';
import { isHeld, tagged } from './responses.ts';

/** What a client asks of a bundle, beside the incident. */
export interface BundleWish {
  readonly form: BundleForm;
  /** Encrypted to these, when there are any. */
  readonly recipients: readonly string[];
}

/** Which form each media type of `Accept` stands for, best first. */
const OFFERED: readonly (readonly [string, BundleForm])[] = [
  [FORM_MEDIA_TYPES.json, 'json'],
  ['application/json', 'json'],
  [FORM_MEDIA_TYPES.ndjson, 'ndjson'],
  [FORM_MEDIA_TYPES.tar, 'tar'],
];

/** RFC 9110, section 12.5.1. An encrypted bundle is JSON inside unless another form is named. Throws 406. */
export function wishOf(context: Context<ApiEnv>, recipients: readonly string[]): BundleWish {
  const offered = recipients.length === 0 ? OFFERED : [...OFFERED, [AGE_MEDIA_TYPE, 'json'] as const];
  const chosen = accepts(context, {
    header: 'Accept',
    supports: offered.map(([type]) => type),
    default: FORM_MEDIA_TYPES.json,
    match: (ranges) => {
      const wanted = ranges.filter(({ q }) => q > 0).toSorted((a, b) => b.q - a.q);
      for (const { type } of wanted) {
        const found = offered.find(([each]) => isIn(each, type.toLowerCase()));
        if (found !== undefined) return found[0];
      }
      return '';
    },
  });
  const form = offered.find(([type]) => type === chosen)?.[1];
  if (form !== undefined) return { form, recipients };
  throw new ApiError(406, `Accept one of ${BUNDLE_FORMS.map((each) => FORM_MEDIA_TYPES[each]).join(', ')}.`);
}

/** Sends the bundle as it is wanted. Everything but the stored bytes themselves is made while it is sent. */
export async function bundleResponse(
  context: Context<ApiEnv>,
  bundle: StoredBundle,
  { form, recipients }: BundleWish,
  { outgoing }: Pick<ApiDeps, 'outgoing'>,
): Promise<Response> {
  const { bytes, incident } = bundle;
  const digest = sha256Hex(bytes);
  const headers = {
    'Content-Disposition': `attachment; filename="${fileName(incident, form, recipients.length > 0)}"`,
    'Content-Type': recipients.length > 0 ? AGE_MEDIA_TYPE : FORM_MEDIA_TYPES[form],
    'Last-Modified': new Date(bundle.createdAt).toUTCString(),
    'Exhibit-Manifest': bundle.manifest,
    Vary: 'Accept',
  };
  if (form === 'json' && recipients.length === 0) return tagged(context, bytes, `"${digest}"`, headers);
  // Weak for what is compressed: another zlib may write other bytes.
  const tag = form === 'tar' ? `W/"${digest}.tar"` : `"${digest}.${form}"`;
  const isTagged = recipients.length === 0;
  if (isTagged && isHeld(context, tag)) return context.body(null, 304, { ETag: tag });
  if (outgoing.check(bytes, 'bundle') !== undefined) throw new ApiError(500, HELD_BACK);
  context.set('looked', true);
  const plain = writeBundle(await writableFrom(() => openBundle(bytes)), form);
  const sent = recipients.length === 0 ? plain : await encryptTo(recipients, plain);
  return context.body(ReadableStream.from(sent), 200, { ...headers, ...(isTagged ? { ETag: tag } : {}) });
}

/** Ids are what a client could write in a path; anything else of one does not go into a header. */
function fileName(incident: string, form: BundleForm, isEncrypted: boolean): string {
  const id = incident.replace(/[^A-Za-z0-9_-]/g, '').slice(0, 128);
  return `incident-${id}.bundle.${FORM_EXTENSIONS[form]}${isEncrypted ? '.age' : ''}`;
}

function isIn(type: string, range: string): boolean {
  if (range === '*/*') return true;
  return range.endsWith('/*') ? type.startsWith(range.slice(0, -1)) : type === range;
}
