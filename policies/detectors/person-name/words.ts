/** Words in the names of teams, products, firms and states that are hardly ever anybody's surname. */
const NOT_OF_PERSONS: ReadonlySet<string> = new Set(
  `access account accounts actions admin administrator administrators admins agent agents alert alerts amazon analytics android apache
  api apis app application applications apps argo authority automatic autoscaler azure backend backup balancer billing boot bot budget build bus
  cache catalog certificate checkout chrome client cloud cluster code collector company config configuration connection
  console container controller control corp corporation count customer daemon dashboard data database debian dependabot default deployment desk
  dev development devops docker domain dropdown editor elastic engine engineering error errors event events exception
  exporter failed failure feature firefox forbidden found firewall framework frontend garbage gateway github gitlab gmbh google grafana
  group groups handler hat health hello helm help horizontal host image inc incident incidents infra infrastructure insurance internal
  inventory interrupt java javascript jenkins job jobs kafka kernel kubernetes language lambda library license limit limits linux list
  llc load log logs ltd machine management manager manual message messages metrics microsoft microsystems mobile mode monitor
  monitoring network node nodes not null object office ops operations operator oracle order orders package page password
  payment payments peer pipeline platform plc pod pods pointer policy pool postgres postgresql prod product production
  products profile program project prometheus process protocol provider proxy public python queue read redis registry release
  reliability relic remote renovate replica report repository request requests resource response review role rollouts root runner
  runtime sales scheduled scheduler schema script sdk search secret security server servers service services session settings setup
  shell software signal sql stack staging standard status storage string studio success support system systems table task
  team teams terraform test tests thread timeout token tool tools traders type ubuntu unknown update upgrade upstream user users
  avg backlog batch boundary branch capacity chart checkpoint circle class consumer context cpu credentials cycle db
  disk dispatcher drain drill duration east elephant endpoint environment feed fetch file files folder foundation free full gauge heap high
  idle index institute interface interval invoice iceberg latency launch layer ledger line link listener lock low matrix max maximum
  memory merge min minimum module mount namespace noreply north notification operational opus partition path pending port primary print
  processor producer profiler promotion quota rate reader record records region robot rollback rollout root route router rule rules sample
  scan scope section segment shard size snapshot socket sonnet source south spark springs start state step stop stream subnet summary
  switch sync tag target task template tenant theme thread ticket tier time total trace traffic transfer trigger unit unix usage
  used value vault vendor view volume west window writer zone
  column compliance delay fatal fri header index key many mon normal planner primary query recovery sat statistics thu tue
  mini enterprises industries holdings holding associates logistics technologies solutions ventures consulting
  too vacuum warning wed version virtual visual warehouse watchdog web webhook windows worker workers workflow workspace world`.split(
    /\s+/,
  ),
);

/** How the words for things, states and what was done end, and hardly any surname. */
const NO_SURNAME_ENDS =
  /(?:[a-z]{2}(?:tions?|sions?|ness|ility|ivity|ality|ology|ments|ible|ical|ware)|[a-z]{3}(?:ement|yment|nment)|[a-z]{7}ing|[a-z]{2}(?:ated|cted|rted|sted|tted|ssed|lled|nned|pped|cked|ized))$/;

/** `FailedMount`, but not `McDonald`; `JIT`, but not `JANE ROE`. */
const CAMEL_CASE = /^(?!Ma?c|D[aei]|L[ae]|V[ao]n|Fitz)[A-Z][a-z]{1,24}[A-Z]/;
const ACRONYM = /^[A-Z]{2,3}$/;
const CAPITALS_ONLY = /^[^a-z]{1,200}$/;

export const WORD_PATTERNS: readonly RegExp[] = [NO_SURNAME_ENDS, CAMEL_CASE, ACRONYM, CAPITALS_ONLY];

/** None of the words tells that this is no name of a person. */
export function mayBePerson(found: string): boolean {
  const isMixed = !CAPITALS_ONLY.test(found);
  return !found.split(/[ \u3000]/).some((word) => isOfThing(word) || (isMixed && ACRONYM.test(word)));
}

function isOfThing(word: string): boolean {
  const small = word.toLowerCase();
  return NOT_OF_PERSONS.has(small) || NO_SURNAME_ENDS.test(small) || CAMEL_CASE.test(word);
}

/** Whom a field or a phrase with a colon names; teams and firms as often as persons. */
export const SHARED_ROLES: readonly string[] =
  'customer client contact owner user member manager author committer assignee reviewer approver reporter requester requestor submitter invitee actor oncall on-call paged notified attn attention caller caller_id requested_for maintainer lead poc coordinator commander responder organizer organiser presenter moderator bearbeiter sachbearbeiter verantwortlicher melder ersteller autor autorin auteur autrice autore responsable responsabile solicitante demandeur aanvrager behandelaar verantwoordelijke contactpersoon contacto referente interlocuteur zgłaszający kontaktperson ansvarig yetkili kapcsolattartó recipient sender subscriber tenant holder driver engineer intern supervisor colleague friend guest c/o'.split(
    ' ',
  );

/** Only persons. */
export const PERSON_ROLES: readonly string[] = [
  ...'employee patient passenger attendee applicant candidate student teacher doctor nurse borrower cardholder beneficiary payee insured buyer seller shopper witness defendant plaintiff victim spouse husband wife father mother brother sister son daughter policyholder guardian landlord claimant guarantor signatory taxpayer accountholder contactperson'.split(
    ' ',
  ),
  // German, French, Spanish, Italian, Dutch, Polish, Portuguese, the languages of the north, Turkish, Czech.
  ...'kundin klientin mitarbeiter mitarbeiterin ansprechpartner ansprechpartnerin versicherungsnehmer kontoinhaber karteninhaber mieter mieterin patientin fahrer fahrgast empfänger absender antragsteller'.split(
    ' ',
  ),
  ...'nom titulaire assuré assurée destinataire bénéficiaire locataire expéditeur'.split(' '),
  ...'paciente empleado empleada nombre titular asegurado asegurada beneficiario destinatario inquilino remitente'.split(
    ' ',
  ),
  ...'nome paziente intestatario assicurato assicurata mittente dipendente'.split(' '),
  ...'naam patiënt verzekerde rekeninghouder huurder ontvanger medewerker'.split(' '),
  ...'imię pacjent pacjentka ubezpieczony odbiorca nadawca'.split(' '),
  ...'segurado segurada destinatário remetente'.split(' '),
  ...'namn navn nimi försäkringstagare mottagare avsändare hyresgäst potilas'.split(' '),
  ...'hasta sigortalı soyadı soyad pacient'.split(' '),
  'ship to',
  'bill to',
  'sold to',
  'deliver to',
  'delivered to',
  'remit to',
  'account holder',
  'account owner',
  'contact person',
  'insured party',
  'next of kin',
  'name on card',
  'name_on_card',
  'imię i nazwisko',
  'nome e cognome',
  'nombre y apellidos',
  'nome completo',
  'nombre completo',
  'nom complet',
  'ad soyad',
  'adı soyadı',
];

/** Persons far more often than firms: who pays, is paid, travels, or is called in an emergency. */
export const MOSTLY_PERSONS: readonly string[] = [
  ...'customer client kunde klient cliente klant kund asiakas müşteri zákazník contact caller subscriber recipient holder guest colleague friend intern attn attention requester reporter assignee kontakt notfallkontakt auftraggeber auftraggeberin zahlungsempfänger zahlungspflichtiger begünstigter begünstigte besteller bestellerin rechnungsempfänger käufer verkäufer gast reisender ordenante ordinante opdrachtgever begunstigde contatto huésped hóspede ospite zleceniodawca oppdragsgiver uppdragsgivare gönderen alıcı payer remitter originator debtor creditor traveller traveler visitor resident occupant caregiver dependent dependant relative nominee lodger bearer'.split(
    ' ',
  ),
  'emergency contact',
  'contacto de emergencia',
  "contact d'urgence",
  'contatto di emergenza',
  'contato de emergência',
  'wirtschaftlich berechtigter',
  "donneur d'ordre",
];

/** Of one part of a name, in other languages than English. */
export const NAME_PARTS: readonly string[] =
  'nachname vorname familienname geburtsname apellido apellidos cognome achternaam voornaam nazwisko sobrenome efternamn förnamn etternavn fornavn efternavn sukunimi etunimi prenom prénom příjmení jméno soyisim soyad imię imie imiona priezvisko vezetéknév keresztnév utónév prenume prezime apelido sobrenom прізвище фамилия отчество επώνυμο όνομα'.split(
    ' ',
  );

/** What somebody did, in front of `by` or `to`. */
export const ACTIONS: readonly string[] =
  'requested approved reported assigned reassigned created opened invited submitted reviewed raised filed booked contacted escalated closed resolved acknowledged prepared triggered deployed signed cancelled handled verified claimed modified lastmodified changed updated added published merged committed authored maintained owned led managed initiated granted performed answered mentioned ordered paid uploaded edited deleted'.split(
    ' ',
  );
