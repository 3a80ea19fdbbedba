// Where a name is cut when there is no room for it: in the middle, because names of one centre often differ at their end
// ("Atendimento ao Cliente Sul 3").

/** Letters of the end that always stay. */
const TAIL = 8;
/** Of a last word that is longer than that. */
const PART = 6;
/** Shorter names are left whole: they have no middle to speak of. */
const SHORT = 12;

/** A name as the part that may be cut, and the end that stays; put together they are the name. */
export function inTwo(name: string): [string, string] {
  const letters = [...name];
  if (letters.length <= SHORT) return [name, ''];
  let from = letters.length;
  // The space before it is of the part that is cut: there is no hole between the two.
  for (let at = letters.length - 1; at > 0 && letters.length - at <= TAIL; at -= 1) {
    if (letters[at] === ' ') from = at + 1;
  }
  if (from === letters.length) from = letters.length - PART;
  return [letters.slice(0, from).join(''), letters.slice(from).join('')];
}
