import { type Detector, type Span, spansOf, spansOfAll } from '../detector.ts';
import { isDigitAt, isLetterAt } from '../letters.ts';

const LATITUDE_LONGITUDE =
  /(?:\b(?:gps|geo|geoip|coordinates?|coords?|location|position|lat ?[,/] ?(?:lon|lng|long)|latlng|latlong)\b|lat_?l(?:o?ng|on))[^0-9\n]{0,24}?(?<secret>[+-]?[0-9]{1,2}\.[0-9]{2,15}°?[ ]?[NS]?[ ]?[,;/ ][ ]?[+-]?[0-9]{1,3}\.[0-9]{2,15}°?[ ]?[EW]?)/dgi;
const NAMED =
  /(?<![A-Za-z])(?:gps)?(?:latitude|longitude|lng)["']?[ ]?[:=][ ]?["']?(?<secret>[+-]?[0-9]{1,3}\.[0-9]{2,15})(?![0-9.]|[a-z%])/dgi;
/** Short names mean latencies and lists as well: only both together are a place. */
const LATITUDE =
  /(?<![A-Za-z])lat["']?[ ]?[:=][ ]?["']?(?<secret>[+-]?[0-9]{1,2}\.[0-9]{1,15})["']?[,;& ]{1,3}["']?(?:lon|lng|long)["']?[ ]?[:=][ ]?["']?[+-]?[0-9]{1,3}\.[0-9]{1,15}(?![0-9.]|[a-z%])/dgi;
const LONGITUDE =
  /(?<![A-Za-z])lat["']?[ ]?[:=][ ]?["']?[+-]?[0-9]{1,2}\.[0-9]{1,15}["']?[,;& ]{1,3}["']?(?:lon|lng|long)["']?[ ]?[:=][ ]?["']?(?<secret>[+-]?[0-9]{1,3}\.[0-9]{1,15})(?![0-9.]|[a-z%])/dgi;
/** Well-known text (OGC 06-103r4), longitude first, and the order of people as well. */
const POINT =
  /\bPOINT[ ]?(?:Z[ ]?)?\([ ]?(?<secret>[+-]?[0-9]{1,3}\.[0-9]{2,17}[ ]{1,2}[+-]?[0-9]{1,3}\.[0-9]{2,17})/dgi;
const SPOKEN =
  /\b(?:latitude|longitude)(?: is| of| at)?[ ]{1,2}(?<secret>[+-]?[0-9]{1,3}\.[0-9]{2,15})(?![0-9.])/dgi;
/** A pair of numbers is a place where a word says so. */
const PRECISE =
  /(?<![A-Za-z])(?:address|home|house|near|nearby|place|spot|visited|seen|standing|parked|tracked|ping|fix|waypoint|marker|pin|map|maps|geohash|geotag(?:ged)?|origin|destination|pick[- ]?up|drop[- ]?off|delivery|courier|driver|rider|vehicle|device|phone|exif|where|whereabouts|last seen|loc|ll|latlon|center|centre|standort|koordinaten|ubicación|coordenadas|coordonnées|coordinate|posizione)(?![A-Za-z])[^0-9\n]{0,24}?(?<secret>[+-]?[0-8]?[0-9]\.[0-9]{4,8}, ?[+-]?(?:1[0-7][0-9]|[0-9]{1,2})\.[0-9]{4,8})(?![0-9A-Za-z]|\.[0-9A-Za-z]|, ?[+-]?[0-9])/dgi;
/** Positions of GeoJSON (RFC 7946), longitude first, however deep the list of them is. */
const POSITIONS = /(?<![A-Za-z])coordinates\\?["']?\s{0,4}[:=]\s{0,4}(?=\[)/dgi;
const LISTED =
  /[\s,[\]]{1,24}(?<secret>[+-]?[0-9]{1,3}\.[0-9]{2,17}\s{0,4},\s{0,8}[+-]?[0-9]{1,3}\.[0-9]{2,17})(?:,\s{0,8}[+-]?[0-9]{1,5}(?:\.[0-9]{1,15})?)?(?=\s{0,8}\])/dy;
/** Geography markup (OGC 07-036). */
const POSITION = /<(?:gml:)?pos>(?<secret>[+-]?[0-9]{1,3}\.[0-9]{2,15} [+-]?[0-9]{1,3}\.[0-9]{2,15})/dg;
/** Addresses of maps, with the zoom behind. */
const ZOOMED =
  /@(?<secret>[+-]?[0-9]{1,2}\.[0-9]{4,8},[+-]?[0-9]{1,3}\.[0-9]{4,8}),[0-9]{1,2}(?:\.[0-9]{1,4})?z(?![A-Za-z])/dg;
const DEGREES =
  /(?<secret>[0-9]{1,2}°[ ]?[0-9]{1,2}['′’][ ]?(?:[0-9]{1,2}(?:\.[0-9]{1,6})?(?:["″”]|''))?[ ]?[NS],?[ ]{0,2}[0-9]{1,3}°[ ]?[0-9]{1,2}['′’][ ]?(?:[0-9]{1,2}(?:\.[0-9]{1,6})?(?:["″”]|''))?[ ]?[EWO])/dgi;
const DECIMAL =
  /(?<secret>[0-9]{1,2}\.[0-9]{2,10}°?[ ]?[NS],?[ ]{1,2}[0-9]{1,3}\.[0-9]{2,10}°?[ ]?[EW])(?![A-Za-z])/dg;
const SIGNED = [DEGREES, DECIMAL];
const PATTERNS = [
  LATITUDE_LONGITUDE,
  NAMED,
  LATITUDE,
  LONGITUDE,
  POINT,
  SPOKEN,
  PRECISE,
  POSITION,
  ZOOMED,
  ...SIGNED,
];
const LISTS = [POSITIONS, LISTED];

/** The end of the first of two numbers with so many decimals. */
const PAIRS = [4, 5, 6, 7, 8].map((decimals) => `.${'#'.repeat(decimals)},`);

function coordinates(text: string, starts?: readonly number[]): Iterable<Span> {
  if (starts?.length !== 0) return [...spansOfAll(text, PATTERNS), ...positions(text)];
  return text.includes('°') ? spansOfAll(text, SIGNED) : NOTHING;
}

function* positions(text: string): Generator<Span> {
  for (const { end } of spansOf(text, POSITIONS)) {
    LISTED.lastIndex = end;
    for (let match = LISTED.exec(text); match !== null; match = LISTED.exec(text)) {
      const [first, last] = match.indices?.groups?.['secret'] ?? [0, 0];
      yield { start: first, end: last };
    }
  }
}

const NOTHING: readonly Span[] = [];
const DOT = 0x2e;
const SPACE = 0x20;

/** Digits before the dot, and another number behind the comma. */
function isPair(text: string, start: number, end: number): boolean {
  if (!isDigitAt(text, start - 1)) return false;
  const at = text.charCodeAt(end) === SPACE ? end + 1 : end;
  return isDigitAt(text, at) || ('+-'.includes(text.charAt(at)) && isDigitAt(text, at + 1));
}

/** `lat` in `latency` and `related` is no name of a coordinate; in `latlng` and `lat_long` it is. */
function isPlace(text: string, start: number, end: number): boolean {
  if (text.charCodeAt(start) === DOT) return isPair(text, start, end);
  const isLatitude = end - start === 3 && text.slice(start, end).toLowerCase() === 'lat';
  if (!isLatitude || 'lL_'.includes(text.charAt(end))) return true;
  return !isLetterAt(text, start - 1) && !isLetterAt(text, end);
}

export const detector: Detector = {
  id: 'geo-coordinates',
  title: 'Geographic coordinates',
  docs: 'ISO 6709; RFC 5870 (geo URI)',
  net: 'text',
  keywords: [
    'latitude',
    'longitude',
    'lat',
    'lng',
    'gps',
    'geo',
    'coord',
    'location',
    'point(',
    'point (',
    'pos>',
    ...PAIRS,
  ],
  accepts: isPlace,
  // For degrees.
  shapes: ['foreign'],
  patterns: [...PATTERNS, ...LISTS],
  find: coordinates,
};
