import { type Detector, spansOf } from '../detector.ts';
import { luhn } from '../id-checks.ts';
import { type IdForm, idForms } from '../id-forms.ts';
import { isLetterAt } from '../letters.ts';

const ROWS: readonly IdForm[] = [
  {
    country: '*',
    name: 'IMEI',
    docs: '3GPP TS 23.003 section 6',
    alone: '99-999999-999999-9',
    named: '999999999999999|99 999999 999999 9|999999-99-999999-9',
    check: luhn,
    words: ['imei', 'handset', 'device id', 'phone', 'mobile equipment'],
  },
  {
    country: '*',
    name: 'IMEI or IMSI with a typing error, IMEISV',
    docs: '3GPP TS 23.003',
    named: '999999999999999|99999999999999|9999999999999999|99-999999-999999-99',
    words: ['imei', 'imsi', 'imeisv', 'meid', 'subscriber identity'],
  },
  {
    country: '*',
    name: 'MEID',
    docs: '3GPP2 S.R0048-A',
    named: 'XXXXXXXXXXXXXX',
    form: /^[A-F][0-9A-F]{13}$/,
    digits: true,
    words: ['meid'],
  },
  {
    country: '*',
    name: 'serial number of a device',
    docs: 'https://support.apple.com/HT204073',
    named: 'XXXXXXXXXXXX|XXXXXXXXXX|XXXXXXXXXXX',
    form: /^(?=.{0,11}[0-9])(?=.{0,11}[G-Z])[A-Z0-9]{10,12}$/,
    digits: true,
    upper: true,
    words: ['serial number', 'serial no', 'serialnumber', 'device serial', 'serial nr', 'seriennummer'],
    labels: ['s/n', 'serial', 'sn'],
  },
  {
    country: '*',
    name: 'ICCID',
    docs: 'ITU-T E.118',
    named: '9999999999999999999|99999999999999999999',
    form: /^89/,
    words: ['iccid', 'sim card', 'sim'],
  },
  {
    country: '*',
    name: 'advertising and device identifiers',
    docs: 'https://developer.android.com/training/articles/user-data-ids',
    named: 'XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX|XXXXXXXXXXXXXXXX',
    form: /^[0-9A-F]{16,32}$/,
    words: ['idfa', 'idfv', 'gaid', 'aaid', 'advertising id', 'androidid', 'android id'],
  },
  {
    country: '*',
    name: 'identifier of an Android phone under the name that apps give it',
    docs: 'https://developer.android.com/reference/android/provider/Settings.Secure#ANDROID_ID',
    named: 'XXXXXXXXXXXXXXXX',
    form: /^[0-9A-F]{16}$/,
    digits: true,
    words: ['device id', 'deviceid'],
  },
  {
    country: '*',
    name: 'UDID of an iPhone since 2018: the chip, and a number of its own',
    docs: 'https://theapplewiki.com/wiki/UDID',
    named: 'XXXXXXXX-XXXXXXXXXXXXXXXX',
    form: /^[0-9A-F]{24}$/,
    digits: true,
    words: ['udid', 'device id', 'ecid'],
  },
];

const forms = idForms(ROWS);
/** Of an older iPhone: a digest. */
const UDID = /(?<![A-Za-z])udid[^0-9A-Za-z]{1,16}(?<secret>[0-9a-f]{40})(?![0-9A-Za-z])/dgi;

const find: Detector['find'] = (text, starts, runs) => {
  const found = forms.find(text, starts, runs);
  return starts?.length === 0 ? found : [...found, ...spansOf(text, UDID)];
};

const SHORT = 3;

export const detector: Detector = {
  id: 'device-id',
  title: 'Identifier of a mobile phone or its SIM card, beside a word for it',
  docs: '3GPP TS 23.003, ITU-T E.118',
  net: 'text',
  keywords: [
    'imei',
    'imsi',
    'meid',
    'iccid',
    'sim card',
    'serial number',
    'serial no',
    'serialnumber',
    'serial_number',
    'serial-number',
    'serial_no',
    'device_serial',
    'device-serial',
    'deviceserial',
    'device serial',
    'seriennummer',
    's/n',
    'sn:',
    'sn=',
    'sn"',
    'sn ',
    'sn#',
    'serial ',
    'serial,',
    'serial>',
    'serial:',
    'serial=',
    'serial"',
    'serial #',
    'serial#',
    'handset',
    'device id',
    'device_id',
    'device-id',
    'deviceid',
    'phone',
    'udid',
    'idfa',
    'idfv',
    'gaid',
    'aaid',
    'advertising',
    'android',
  ],
  // `dsn=`, `asn:`
  accepts: (text, start, end) => end - start > SHORT || !isLetterAt(text, start - 1),
  shapes: [],
  get patterns() {
    return [...forms.patterns, UDID];
  },
  find,
};
