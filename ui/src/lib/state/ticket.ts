// Numbers for openings of recordings: each larger than the one before, also than those of a page that was loaded earlier.
let last = Date.now();

export const nextTicket = (): number => (last += 1);
