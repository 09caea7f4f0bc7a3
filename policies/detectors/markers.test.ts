import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  endsWithMarker,
  isMarkerAt,
  marker,
  markerEraser,
  startsWithMarker,
  withoutMarkers,
} from './markers.ts';

const id = fc.stringMatching(/^[a-z][a-z0-9-]{0,62}$/);
const word = fc.stringMatching(/^[a-z]{1,8}$/);

describe('a marker', () => {
  it('is known at the start, at the end and in the middle of a text, whatever the id', () => {
    fc.assert(
      fc.property(id, word, (one, other) => {
        const [first, last] = [`${marker(one)} ${other}`, `${other} ${marker(one)}`];
        expect([startsWithMarker(first), endsWithMarker(first)]).toEqual([true, false]);
        expect([startsWithMarker(last), endsWithMarker(last)]).toEqual([false, true]);
        expect(isMarkerAt(last, other.length + 1)).toBe(true);
        expect(isMarkerAt(last, other.length)).toBe(false);
        expect(startsWithMarker(first.slice(1)) || endsWithMarker(last.slice(0, -1))).toBe(false);
      }),
    );
  });

  it('is no part of a stretch of text, wherever the ends of the stretch cut it', () => {
    const head = 'A '.length + marker('').length - 1;
    fc.assert(
      fc.property(id, fc.nat(), (one, place) => {
        const text = `A ${marker(one)} B`;
        const from = 'A '.length + (place % marker(one).length);
        const to = head + (place % (text.length - ' B'.length - head));
        expect(withoutMarkers(text.slice(from)).trim()).toBe('B');
        expect(withoutMarkers(text.slice(0, to)).trim()).toBe('A');
      }),
    );
    expect(withoutMarkers(`A, [${marker('jwt')}] or B]`)).toBe('A, [ ] or B]');
  });
});

describe('markerEraser', () => {
  it('blanks the markers of its ids and nothing else', () => {
    const erase = markerEraser(['e-mail', 'jwt']);
    const text = `a ${marker('jwt')} ${marker('other')} ${marker('e-mail')}`;
    expect(erase(text)).toBe(`a ${' '.repeat(14)} ${marker('other')} ${' '.repeat(17)}`);
    expect(erase('[REDACTED:jwt')).toBe('[REDACTED:jwt');
  });
});
