import { afterEach, expect, it } from 'vitest';
import { findSettings } from './find-settings';

afterEach(() => document.body.replaceChildren());

function room(): HTMLElement {
  document.body.innerHTML = `
    <section data-section="server"><h2>Servidor</h2>
      <section class="card" id="polling"><h3>Consultas</h3>
        <label id="every">Cada cuántos segundos<input></label>
        <label id="budget">Máximo por segundo<input></label>
        <p>Más consultas cargan más al servidor.</p>
      </section>
      <section class="card" id="offers"><h3>Lo que se ofrece</h3><label>Lista negra<input></label></section>
    </section>
    <section data-section="keys"><h2>Teclas</h2>
      <section class="card" id="keys"><h3>Las teclas</h3>
        <div data-rows id="floor"><div data-row id="rewind">Volver atrás</div><div data-row id="pin">Fijar</div></div>
        <div data-rows id="calls"><div data-row id="play">Oír<button aria-label="Cambiar: oír"></button></div></div>
      </section>
    </section>`;
  return document.body;
}
const hidden = (...ids: string[]) => ids.filter((id) => document.getElementById(id)?.hidden);
const marked = () => [...document.querySelectorAll('[data-found]')].map((one) => one.id || one.tagName);

it('finds by label, by explanation and by what only a screen reader hears, accents and capitals aside', () => {
  expect(findSettings(room(), 'CUANTOS')).toEqual(new Map([['server', 1]]));
  expect([marked(), hidden('polling', 'offers', 'keys')]).toEqual([['every'], ['offers', 'keys']]);
  findSettings(document.body, 'cargan');
  expect(marked()).toEqual(['P']);
  findSettings(document.body, 'cambiar');
  expect(hidden('rewind', 'pin', 'play', 'floor', 'calls')).toEqual(['rewind', 'pin', 'floor']);
});

it('takes all words together, and a heading for all that is under it', () => {
  expect(findSettings(room(), 'segundo maximo')).toEqual(new Map([['server', 1]]));
  expect(marked()).toEqual(['budget']);
  expect(findSettings(document.body, 'las teclas')).toEqual(new Map([['keys', 1]]));
  expect(hidden('rewind', 'pin', 'play', 'floor', 'calls')).toEqual([]);
});

it('finds nothing where there is nothing, and shows everything again when nothing is looked for', () => {
  expect(findSettings(room(), 'xyzzy').size).toBe(0);
  expect(document.querySelectorAll('[data-section][hidden]').length).toBe(2);
  expect(findSettings(document.body, ' ')).toEqual(
    new Map([
      ['server', 2],
      ['keys', 1],
    ]),
  );
  expect([marked(), document.querySelectorAll('[hidden]').length]).toEqual([[], 0]);
});
