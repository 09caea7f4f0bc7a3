import { around } from '../context.ts';
import type { Detector, Span } from '../detector.ts';
import { BEYOND_HEX, signOf } from '../runs.ts';
import { isBase58Check, isBech32 } from './base58.ts';

/** Version bytes of Bitcoin, Litecoin, Dogecoin, Dash, Tron, Ripple-like chains lead to few first characters. */
const BASE58 = /(?<![A-Za-z0-9])[123DLMXTtmn9A][1-9A-HJ-NP-Za-km-z]{24,34}(?![A-Za-z0-9])/g;
/** Private keys and extended keys of the same encoding. */
const KEYS =
  /(?<![A-Za-z0-9])(?:[5KLc9][1-9A-HJ-NP-Za-km-z]{50,51}|[xyz](?:pub|prv)[1-9A-HJ-NP-Za-km-z]{100,112})(?![A-Za-z0-9])/g;
const BECH32 =
  /(?<![A-Za-z0-9])(?:bc|tb|ltc|bcrt|addr|addr_test|cosmos|osmo|terra)1[02-9ac-hj-np-z]{11,110}(?![A-Za-z0-9])/gi;
const ETHEREUM = /(?<![A-Za-z0-9])0x[0-9A-Fa-f]{40}(?![A-Za-z0-9])/g;
/** No checksum that a reader can check without a long alphabet table, but a form or a word of their own. */
const OTHERS =
  /(?<![A-Za-z0-9])(?:4[0-9AB][1-9A-HJ-NP-Za-km-z]{93}|r[1-9A-HJ-NP-Za-km-z]{24,34}|[1-9A-HJ-NP-Za-km-z]{32,44}|[qp][02-9ac-hj-np-z]{41}|G[A-Z2-7]{55})(?![A-Za-z0-9])/g;
/** Told by the prefix of the network. */
const CASH = /(?<![A-Za-z0-9])(?:bitcoincash|bchtest|ecash):[qpz][02-9ac-hj-np-z]{41,55}(?![A-Za-z0-9])/gi;
const CONTEXT =
  /wallet|bitcoin|\bbtc\b|ethereum|\beth\b|crypto|\bxrp\b|ripple|solana|\bsol\b|monero|\bxmr\b|stellar|\bxlm\b|\bbch\b|doge|litecoin|\bltc\b|tron\b|\btrx\b|cardano|\busdt\b|\busdc\b|blockchain|coin/i;
const REACH = 64;

function* wallets(text: string): Generator<Span> {
  yield* checked(text, BASE58, isBase58Check);
  yield* checked(text, KEYS, isBase58Check);
  yield* checked(text, BECH32, isBech32);
  yield* checked(text, ETHEREUM, isVaried);
  yield* checked(text, CASH, isVaried);
  if (!CONTEXT.test(text)) return;
  for (const pattern of [OTHERS, BASE58, BECH32]) yield* checked(text, pattern, isVaried, true);
}

function* checked(
  text: string,
  pattern: RegExp,
  isRight: (found: string) => boolean,
  named = false,
): Generator<Span> {
  for (const match of text.matchAll(pattern)) {
    const end = match.index + match[0].length;
    if (!isRight(match[0])) continue;
    if (named && !CONTEXT.test(around(text, match.index, end, REACH, 32))) continue;
    yield { start: match.index, end };
  }
}

/** No words, no digests in lower case. */
function isVaried(found: string): boolean {
  return (
    /[0-9]/.test(found) &&
    /[A-Za-z]/.test(found) &&
    (found.startsWith('0x') || !/^[0-9a-f]{1,128}$/.test(found))
  );
}

const ADDRESS = 42;

/** Nothing but an address has so many digits behind `0x`: pointers and hashes are shorter or longer. */
function isAddress(text: string, start: number): boolean {
  const last = signOf(text.charCodeAt(start + ADDRESS - 1));
  return last !== 0 && (last & BEYOND_HEX) === 0 && signOf(text.charCodeAt(start + ADDRESS)) === 0;
}

export const detector: Detector = {
  id: 'crypto-wallet',
  title: 'Address or key of a cryptocurrency wallet',
  docs: 'https://en.bitcoin.it/wiki/Base58Check_encoding; BIP 173, BIP 350, EIP-55',
  net: 'text',
  keywords: ['0x'],
  accepts: isAddress,
  shapes: ['long-word'],
  patterns: [BASE58, KEYS, BECH32, ETHEREUM, OTHERS, CASH, CONTEXT],
  find: wallets,
};
