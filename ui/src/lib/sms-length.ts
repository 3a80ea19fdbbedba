// How many parts a text message goes out as. The alphabet of telephones has seven bits a letter and few letters; one letter
// outside it and every letter takes sixteen.
const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
/** Each takes two places. */
const EXTENDED = '\f^{}\\[~]|€';

export interface SmsLength {
  characters: number;
  parts: number;
  alphabet: 'gsm7' | 'ucs2';
}

export function smsLength(text: string): SmsLength {
  const letters = [...text];
  const plain = letters.every((one) => BASIC.includes(one) || EXTENDED.includes(one));
  const places = plain
    ? letters.reduce((sum, one) => sum + (EXTENDED.includes(one) ? 2 : 1), 0)
    : text.length;
  const [alone, each] = plain ? [160, 153] : [70, 67];
  const parts = places === 0 ? 0 : places <= alone ? 1 : Math.ceil(places / each);
  return { characters: letters.length, parts, alphabet: plain ? 'gsm7' : 'ucs2' };
}
