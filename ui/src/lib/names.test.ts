import { expect, it } from 'vitest';
import { byName, namesText } from './names';

it('puts names in the order of their numbers, whatever the case', () => {
  expect(namesText(['Atendimento 10', 'Atendimento 2', 'árbol', 'Bosque', 'atendimento 3'])).toBe(
    'árbol, Atendimento 2, atendimento 3, Atendimento 10, Bosque',
  );
  expect(byName('Cobranzas 9', 'Cobranzas 11')).toBeLessThan(0);
});
