import { expect, it } from 'vitest';
import { inTwo } from './middle-cut';

it('keeps the end of a name, which is where names of one centre differ', () => {
  expect(inTwo('Atendimento ao Cliente Sul 3')).toEqual(['Atendimento ao Cliente ', 'Sul 3']);
  expect(inTwo('Atendimento ao Cliente')).toEqual(['Atendimento ao ', 'Cliente']);
  expect(inTwo('Recuperación Internacional')).toEqual(['Recuperación Interna', 'cional']);
  expect(inTwo('Cobranzas')).toEqual(['Cobranzas', '']);
  for (const name of ['', 'Ação de Retenção Nordeste 12', '   ', 'Bruno Techera Méndez']) {
    expect(inTwo(name).join('')).toBe(name);
  }
});
