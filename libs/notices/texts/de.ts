import { money, moment, type Texts } from '../wording.ts';

const CHANGES = {
  'remove-phone': 'ein Telefon zu entfernen',
  'replace-phone': 'ein Telefon zu ersetzen',
  download: 'alles herunterzuladen, was über Sie gespeichert ist',
  leave: 'Ihre One ID zu schließen und alles zu löschen',
};
const SECURITY = {
  'signed-in': 'Jemand hat sich bei Ihrer One ID angemeldet',
  paused: 'Ihre Handfläche wurde pausiert. Sie erkennt niemanden, bis Sie die Pause beenden',
  unpaused: 'Die Pause Ihrer Handfläche ist beendet; sie gilt wieder',
  suspended: 'Ihre One ID wurde von uns gesperrt',
  resumed: 'Ihre One ID ist nicht mehr gesperrt',
  downloaded: 'Eine Kopie von allem, was über Sie gespeichert ist, wurde heruntergeladen',
  'link-changed': 'Das mit Ihrer One ID verbundene Konto wurde geändert',
};
const LOOKERS = { auditor: 'Die Prüfung', admin: 'Die Verwaltung', service: 'Ein Dienst' };
const ERASED = {
  member: 'wie Sie es wünschten',
  admin: 'durch eine Entscheidung von uns',
  unused: 'weil sie zwei Jahre lang nicht benutzt wurde',
  lapsed: 'weil die Anmeldung nicht abgeschlossen wurde',
  'consent-withdrawn': 'weil Sie Ihre Einwilligung zurückgenommen haben',
  'service-closed': 'weil der Dienst endet',
};
const NOT_YOU =
  'Wenn Sie das nicht waren, melden Sie sich an oder halten Sie die Hand über ein Gerät und pausieren Sie Ihre One ID.';
const CODE = (code: string, minutes: number): string =>
  `${code} ist Ihr Code. Er gilt einmal und ${minutes} Minuten lang. Geben Sie ihn niemandem; wir fragen nie danach.`;
const HAND = { left: 'linke', right: 'rechte' };

export const de: Texts = {
  'sign-in-code': ({ code, minutes }) => ['Ihr Code zum Anmelden', CODE(code, minutes)],
  'phone-code': ({ code, minutes }) => ['Ihr Code für dieses Telefon', CODE(code, minutes)],
  'change-code': ({ code, minutes }) => ['Ihr Code für die Änderung', CODE(code, minutes)],
  'phone-added': ({ lastTwo, at }) => [
    'Ein Telefon kam hinzu',
    `Am ${moment('de', at)} kam ein Telefon zu Ihrer One ID, das auf ${lastTwo} endet. ${NOT_YOU}`,
  ],
  'phone-removed': ({ lastTwo, at }) => [
    'Ein Telefon wurde entfernt',
    `Am ${moment('de', at)} wurde das Telefon, das auf ${lastTwo} endet, von Ihrer One ID entfernt. ${NOT_YOU}`,
  ],
  'phone-taken': ({ lastTwo, at }) => [
    'Eine Ihrer Telefonnummern gehört jetzt jemand anderem',
    `Am ${moment('de', at)} hat jemand anderes die Nummer bestätigt, die auf ${lastTwo} endet. Eine Nummer gehört dem, der sie zuletzt bestätigt hat; darum steht sie nicht mehr bei Ihrer One ID. Sonst hat sich nichts geändert.`,
  ],
  'card-added': ({ brand, lastFour, at }) => [
    'Eine Karte kam hinzu',
    `Am ${moment('de', at)} kam die ${brand}-Karte, die auf ${lastFour} endet, zu Ihrer One ID. ${NOT_YOU}`,
  ],
  'card-removed': ({ brand, lastFour, at }) => [
    'Eine Karte wurde entfernt',
    `Am ${moment('de', at)} wurde die ${brand}-Karte, die auf ${lastFour} endet, von Ihrer One ID entfernt.`,
  ],
  'palm-added': ({ hand, at }) => [
    'Eine Handfläche kam hinzu',
    `Am ${moment('de', at)} kam Ihre ${HAND[hand]} Handfläche zu Ihrer One ID. ${NOT_YOU}`,
  ],
  'palm-removed': ({ hand, at }) => [
    'Eine Handfläche wurde entfernt',
    `Am ${moment('de', at)} wurde Ihre ${HAND[hand]} Handfläche von Ihrer One ID entfernt. Ihre Signatur ist gelöscht.`,
  ],
  'change-announced': ({ change, takesEffectAt }) => [
    'Eine Änderung wurde angekündigt',
    `Jemand hat verlangt, ${CHANGES[change]}. Es geschieht am ${moment('de', takesEffectAt)}. Um es zu verhindern, melden Sie sich an und nehmen Sie es unter „Änderungen“ zurück, oder halten Sie die Hand über ein Gerät. Waren Sie es selbst, brauchen Sie nichts zu tun.`,
  ],
  'change-withdrawn': ({ change }) => [
    'Eine Änderung wurde verhindert',
    `Die angekündigte Änderung (${CHANGES[change]}) wurde zurückgenommen. Es ist nichts geschehen.`,
  ],
  'change-done': ({ change }) => ['Eine Änderung gilt', `Die angekündigte Änderung (${CHANGES[change]}) gilt jetzt.`],
  'expiry-warned': ({ expiresOn }) => [
    'Ihre One ID läuft ab',
    `Sie haben Ihre Handfläche lange nicht benutzt. Am ${moment('de', expiresOn)} läuft Ihre One ID ab, und alles über Sie wird gelöscht. Um sie zu behalten, halten Sie vorher die Hand über irgendein Gerät.`,
  ],
  'enrolment-completed': ({ at }) => [
    'Willkommen',
    `Ihre One ID gilt seit ${moment('de', at)}. Mit diesem Telefon können Sie sich anmelden und alles sehen, ändern und löschen.`,
  ],
  'enrolment-lapsed': () => [
    'Ihre Anmeldung wurde nicht abgeschlossen',
    'Sie wurde nicht innerhalb von 24 Stunden abgeschlossen. Alles, was Sie uns dafür gegeben haben, ist gelöscht.',
  ],
  'palm-known': ({ at }) => [
    'Ihre Hand wurde zum Anmelden über ein Gerät gehalten',
    `Am ${moment('de', at)} wollte sich jemand mit einer Handfläche anmelden, die zu Ihrer One ID gehört. Waren Sie es, so haben Sie schon eine One ID; wenn nicht, sagen Sie es uns.`,
  ],
  'erasure-started': ({ dueBy }) => [
    'Ihre Daten werden gelöscht',
    `Ab jetzt erkennt Ihre Handfläche niemanden mehr. Bis ${moment('de', dueBy)} ist alles getan. Solange die Vernichtung nicht begonnen hat, können Sie sich anmelden und es zurücknehmen.`,
  ],
  'erasure-withdrawn': () => ['Die Löschung wurde gestoppt', 'Ihre One ID bleibt und gilt wieder.'],
  erased: ({ receipt, reason }) => [
    'Dies ist unsere letzte Nachricht',
    `Ihre One ID ist gelöscht, ${ERASED[reason]}. Wir haben nichts mehr, woran wir Sie erkennen oder womit wir Sie erreichen könnten.` +
      (receipt === undefined
        ? ' Mit Ihrem Beleg lesen Sie die Bescheinigung.'
        : ` Ihr Beleg ist ${receipt}: damit lesen Sie den Stand der Löschung und die Bescheinigung. Heben Sie ihn auf; wir können ihn nicht noch einmal senden.`),
  ],
  'payment-receipt': ({ merchant, amount, currency, at }) => [
    'Beleg',
    `Sie haben am ${moment('de', at)} bei ${merchant} ${money('de', amount, currency)} bezahlt. Wenn Sie das nicht waren, sagen Sie es unter „Einkäufe“.`,
  ],
  'refund-receipt': ({ merchant, amount, currency, at }) => [
    'Erstattung',
    `${merchant} hat am ${moment('de', at)} ${money('de', amount, currency)} zurückgegeben.`,
  ],
  'looked-at': ({ by, reason, at }) => [
    'Jemand hat Ihre Daten angesehen',
    `${LOOKERS[by]} hat am ${moment('de', at)} Ihre Daten angesehen. Grund: ${reason}. Alle Blicke stehen unter „Wer nachsah“.`,
  ],
  'security-notice': ({ what, at }) => [
    'Zur Sicherheit Ihrer One ID',
    `${SECURITY[what]} (${moment('de', at)}). ${NOT_YOU}`,
  ],
  'dispute-decided': ({ outcome }) => [
    'Ihr Einspruch ist entschieden',
    outcome === 'accepted'
      ? 'Sie hatten recht: Der Betrag wird zurückgegeben.'
      : 'Wir haben festgestellt, dass die Zahlung Ihre war. Sie können uns nach den Gründen fragen.',
  ],
  'principal-invited': ({ role, credential }) => [
    'Sie wurden eingeladen',
    `Sie dürfen mit PalmLedger als ${role} arbeiten. Ihr Zugang, nur dieses eine Mal gezeigt: ${credential}`,
  ],
};
