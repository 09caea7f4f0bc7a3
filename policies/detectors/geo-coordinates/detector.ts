import { type Detector, spansOfAll } from '../detector.ts';
import { isLetterAt } from '../letters.ts';

const LATITUDE_LONGITUDE =
  /(?:\b(?:gps|geo|geoip|coordinates?|coords?|location|position|lat ?[,/] ?(?:lon|lng|long)|latlng|latlong)\b|lat_?l(?:o?ng|on))[^0-9\n]{0,24}(?<secret>[+-]?[0-9]{1,2}\.[0-9]{2,15}°?[ ]?[NS]?[ ]?[,;/ ][ ]?[+-]?[0-9]{1,3}\.[0-9]{2,15}°?[ ]?[EW]?)/dgi;
const NAMED =
  /(?<![A-Za-z])(?:latitude|longitude|lat|lon|lng|long)["']?[ ]?[:=][ ]?["']?(?<secret>[+-]?[0-9]{1,3}\.[0-9]{3,15})(?![0-9.])/dgi;
const SPOKEN =
  /\b(?:latitude|longitude)(?: is| of| at)?[ ]{1,2}(?<secret>[+-]?[0-9]{1,3}\.[0-9]{2,15})(?![0-9.])/dgi;
const PRECISE =
  /(?<![0-9A-Za-z.,+-])(?<secret>[+-]?(?:[0-8]?[0-9])\.[0-9]{4,8}, ?[+-]?(?:1[0-7][0-9]|[0-9]{1,2})\.[0-9]{4,8})(?![0-9A-Za-z.]|, ?[+-]?[0-9])/dg;
const DEGREES =
  /(?<secret>[0-9]{1,2}°[ ]?[0-9]{1,2}['′’][ ]?(?:[0-9]{1,2}(?:\.[0-9]{1,6})?(?:["″”]|''))?[ ]?[NS],?[ ]{0,2}[0-9]{1,3}°[ ]?[0-9]{1,2}['′’][ ]?(?:[0-9]{1,2}(?:\.[0-9]{1,6})?(?:["″”]|''))?[ ]?[EWO])/dgi;
const DECIMAL =
  /(?<secret>[0-9]{1,2}\.[0-9]{2,10}°?[ ]?[NS],?[ ]{1,2}[0-9]{1,3}\.[0-9]{2,10}°?[ ]?[EW])(?![A-Za-z])/dg;
const PATTERNS = [LATITUDE_LONGITUDE, NAMED, SPOKEN, PRECISE, DEGREES, DECIMAL];

/** `lat` in `latency` and `related` is no name of a coordinate; in `latlng` and `lat_long` it is. */
function isNoPartOfWord(text: string, start: number, end: number): boolean {
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
    '####, ',
    '####,-',
    '####,#',
  ],
  accepts: isNoPartOfWord,
  shapes: [],
  patterns: PATTERNS,
  find: (text) => spansOfAll(text, PATTERNS),
};
