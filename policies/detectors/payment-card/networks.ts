interface Range {
  readonly network: string;
  /** First digits, inclusive, all of one length. */
  readonly from: number;
  readonly to: number;
  readonly lengths: readonly number[];
}

/** Ranges that the networks publish; the more digits a range names, the earlier it stands. */
const RANGES: readonly Range[] = [
  { network: 'Discover', from: 622126, to: 622925, lengths: [16, 17, 18, 19] },
  { network: 'Mastercard', from: 2221, to: 2720, lengths: [16] },
  { network: 'Mir', from: 2200, to: 2204, lengths: [16, 17, 18, 19] },
  { network: 'Discover', from: 6011, to: 6011, lengths: [16, 17, 18, 19] },
  { network: 'JCB', from: 3528, to: 3589, lengths: [16, 17, 18, 19] },
  { network: 'JCB', from: 3590, to: 3599, lengths: [16] },
  { network: 'JCB', from: 1800, to: 1800, lengths: [15] },
  { network: 'JCB', from: 2131, to: 2131, lengths: [15] },
  { network: 'JCB', from: 3500, to: 3527, lengths: [16] },
  { network: 'Diners Club', from: 300, to: 305, lengths: [14, 16] },
  { network: 'Discover', from: 644, to: 659, lengths: [16, 17, 18, 19] },
  { network: 'Mastercard', from: 51, to: 55, lengths: [16] },
  { network: 'American Express', from: 34, to: 34, lengths: [15] },
  { network: 'American Express', from: 37, to: 37, lengths: [15] },
  { network: 'Diners Club', from: 36, to: 36, lengths: [14, 16] },
  { network: 'Diners Club', from: 38, to: 39, lengths: [14, 16] },
  { network: 'Maestro', from: 50, to: 50, lengths: [12, 13, 14, 15, 16, 17, 18, 19] },
  { network: 'Maestro', from: 56, to: 59, lengths: [12, 13, 14, 15, 16, 17, 18, 19] },
  { network: 'RuPay, Maestro, UnionPay', from: 60, to: 69, lengths: [12, 16, 17, 18, 19] },
  { network: 'UnionPay, RuPay', from: 81, to: 82, lengths: [16, 17, 18, 19] },
  { network: 'Visa', from: 4, to: 4, lengths: [13, 16, 19] },
];

/** The lengths that numbers of the network have which issues this number; undefined when none does. */
export function networkOf(digits: string): readonly number[] | undefined {
  return RANGES.find(({ from, to }) => {
    const lead = Number(digits.slice(0, String(from).length));
    return lead >= from && lead <= to;
  })?.lengths;
}
