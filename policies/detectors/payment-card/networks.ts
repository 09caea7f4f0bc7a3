interface Range {
  readonly network: string;
  /** First digits, inclusive: four at most. */
  readonly from: number;
  readonly to: number;
  readonly lengths: readonly number[];
  /** Those of them that tell a card where no word for cards stands beside it; ids that long are everywhere. */
  readonly alone: readonly number[];
}

const SIXTEEN = [16];
const UP_TO_19 = [16, 17, 18, 19];
const MAESTRO = [12, 13, 14, 15, 16, 17, 18, 19];
const NEVER: readonly number[] = [];

/** Ranges that the networks publish; the more digits a range names, the earlier it stands. */
const RANGES: readonly Range[] = [
  { network: 'Discover', from: 6221, to: 6229, lengths: UP_TO_19, alone: SIXTEEN },
  { network: 'Mastercard', from: 2221, to: 2720, lengths: SIXTEEN, alone: SIXTEEN },
  { network: 'Mir', from: 2200, to: 2204, lengths: UP_TO_19, alone: SIXTEEN },
  { network: 'Discover', from: 6011, to: 6011, lengths: UP_TO_19, alone: SIXTEEN },
  { network: 'JCB', from: 3528, to: 3589, lengths: UP_TO_19, alone: SIXTEEN },
  { network: 'JCB', from: 3590, to: 3599, lengths: SIXTEEN, alone: NEVER },
  { network: 'JCB', from: 1800, to: 1800, lengths: [15], alone: NEVER },
  { network: 'JCB', from: 2131, to: 2131, lengths: [15], alone: [15] },
  { network: 'JCB', from: 3500, to: 3527, lengths: SIXTEEN, alone: NEVER },
  { network: 'Maestro', from: 5018, to: 5018, lengths: MAESTRO, alone: SIXTEEN },
  { network: 'Dankort', from: 5019, to: 5019, lengths: SIXTEEN, alone: SIXTEEN },
  { network: 'Maestro', from: 5020, to: 5020, lengths: MAESTRO, alone: SIXTEEN },
  { network: 'Maestro', from: 5038, to: 5038, lengths: MAESTRO, alone: SIXTEEN },
  { network: 'Verve', from: 5060, to: 5061, lengths: UP_TO_19, alone: SIXTEEN },
  { network: 'Elo', from: 5066, to: 5067, lengths: SIXTEEN, alone: SIXTEEN },
  { network: 'RuPay', from: 5085, to: 5089, lengths: SIXTEEN, alone: SIXTEEN },
  { network: 'Elo', from: 5090, to: 5099, lengths: SIXTEEN, alone: SIXTEEN },
  { network: 'Maestro', from: 5893, to: 5893, lengths: MAESTRO, alone: SIXTEEN },
  { network: 'Hipercard', from: 6062, to: 6062, lengths: SIXTEEN, alone: SIXTEEN },
  { network: 'RuPay', from: 6069, to: 6085, lengths: SIXTEEN, alone: SIXTEEN },
  { network: 'Maestro', from: 6304, to: 6304, lengths: MAESTRO, alone: SIXTEEN },
  { network: 'Elo', from: 6362, to: 6363, lengths: SIXTEEN, alone: SIXTEEN },
  { network: 'InstaPayment', from: 637, to: 639, lengths: SIXTEEN, alone: SIXTEEN },
  { network: 'Maestro', from: 6759, to: 6763, lengths: MAESTRO, alone: SIXTEEN },
  { network: 'Diners Club', from: 300, to: 305, lengths: [14, 16], alone: [14] },
  { network: 'Discover', from: 644, to: 659, lengths: UP_TO_19, alone: SIXTEEN },
  { network: 'Mastercard', from: 51, to: 55, lengths: SIXTEEN, alone: SIXTEEN },
  { network: 'American Express', from: 34, to: 34, lengths: [15], alone: [15] },
  { network: 'American Express', from: 37, to: 37, lengths: [15], alone: [15] },
  { network: 'Diners Club', from: 36, to: 36, lengths: [14, 16], alone: [14] },
  { network: 'Diners Club', from: 38, to: 39, lengths: [14, 16], alone: [14] },
  { network: 'UnionPay', from: 62, to: 62, lengths: UP_TO_19, alone: SIXTEEN },
  { network: 'Maestro', from: 50, to: 50, lengths: MAESTRO, alone: NEVER },
  { network: 'Maestro', from: 56, to: 59, lengths: MAESTRO, alone: NEVER },
  { network: 'RuPay, Maestro, UnionPay', from: 60, to: 69, lengths: [12, 16, 17, 18, 19], alone: NEVER },
  { network: 'UnionPay, RuPay', from: 81, to: 82, lengths: UP_TO_19, alone: SIXTEEN },
  { network: 'Troy', from: 9792, to: 9792, lengths: SIXTEEN, alone: SIXTEEN },
  { network: 'UATP', from: 1, to: 1, lengths: [15], alone: NEVER },
  { network: 'Visa', from: 4, to: 4, lengths: [13, 16, 19], alone: SIXTEEN },
];

const LEAD = 4;

/** For the first four digits, the first range that they fall into. */
const BY_LEAD: readonly (Range | undefined)[] = Array.from({ length: 10 ** LEAD }, (_, lead) =>
  RANGES.find(({ from, to }) => {
    const own = Math.trunc(lead / 10 ** (LEAD - String(from).length));
    return own >= from && own <= to;
  }),
);

/**
 * The lengths that numbers of the network have which issues the number that starts at a place; undefined when none does.
 * At least four digits must stand there.
 */
export function networkOf(digits: string, at = 0): readonly number[] | undefined {
  return rangeAt(digits, at)?.lengths;
}

/** Those of them that tell a card by themselves. */
export function toldAlone(digits: string, at = 0): readonly number[] | undefined {
  return rangeAt(digits, at)?.alone;
}

function rangeAt(digits: string, start: number): Range | undefined {
  let lead = 0;
  for (let at = start; at < start + LEAD; at++) lead = lead * 10 + digits.charCodeAt(at) - ZERO;
  return BY_LEAD[lead];
}

const ZERO = 0x30;
