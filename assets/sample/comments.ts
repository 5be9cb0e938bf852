import { pickEven } from "./draw.ts";
import { firstNames } from "./vocabulary.ts";

/** How a review speaks: of a good order, a middling one, a bad one, or a late one. */
const moods = ["good", "fair", "bad", "late"] as const;
type Mood = (typeof moods)[number];
type Fragments = Readonly<Record<Mood, readonly string[]>>;

const openings: Fragments = {
  good: [
    "Adorei",
    "Produto excelente",
    "Chegou tudo certinho 😀",
    "Muito bom 👍",
    "Recomendo a loja",
    "Nota dez",
  ],
  fair: ["Produto razoável", "Esperava mais", "É bom, mas...", "Cumpre o que promete", "Mais ou menos"],
  bad: ["Não gostei", "Péssimo", "Veio errado", "Produto com defeito 😡", "Decepcionada com a compra"],
  late: ["Até agora nada", "Atrasou demais", "Passou muito do prazo", "Ainda estou esperando 😕"],
};

const details: Fragments = {
  good: [
    "veio antes do prazo, bem embalado e sem nenhum arranhão",
    "igual à foto, a cor é linda e o tamanho serviu",
    'a descrição dizia "acabamento fino" e é verdade',
    "comprei para presente e {name} ficou muito feliz ❤️",
    "já é a terceira vez que compro; nunca tive problema",
    "preço justo, frete barato, entrega rápida",
  ],
  fair: [
    "a entrega foi rápida, porém a caixa veio amassada",
    'o tecido é mais fino do que eu pensava, não é "premium"',
    "faltou o manual, tive que procurar na internet",
    "funciona, só que faz um pouco de barulho",
  ],
  bad: [
    "pedi dois e só veio um, cadê o outro?",
    'o anúncio diz "original", mas é cópia',
    "quebrou no primeiro dia de uso; quero meu dinheiro de volta",
    "cor diferente, tamanho errado, nota fiscal em nome de {name}",
    "o vendedor não responde às mensagens",
  ],
  late: [
    "o rastreio está parado há dias, ninguém explica nada",
    "era presente de aniversário para {name} e a data já passou",
    'diz "saiu para entrega" desde a semana passada',
    "metade do pedido chegou, a outra metade não",
  ],
};

const closings: Fragments = {
  good: ["Obrigada, {name}!", "Voltarei a comprar.", "Parabéns à equipe ⭐⭐⭐⭐⭐", "Super recomendo!!!"],
  fair: ["Vamos ver quanto tempo dura.", "Pelo preço, tudo bem.", "Talvez compre de novo."],
  bad: ["Aguardo uma solução.", "Não recomendo a ninguém.", "Quero trocar, como faço?"],
  late: ["Alguém pode me ajudar?", "Não compro mais.", "Aguardo resposta."],
};

const titles: Fragments = {
  good: ["Recomendo", "Muito bom!", "Perfeito 😍", "Ótima compra", '"Nota 10"', "Rápido, bonito e barato"],
  fair: ["Regular", "Poderia ser melhor", "Bom, mas nem tanto"],
  bad: ["Não comprem", "Veio com defeito", 'De "original" não tem nada', "Decepção 👎"],
  late: ["Atraso", "Cadê meu pedido?", "Não recebi"],
};

/** A comment in the mood of an expression's value, for a key; line breaks come in both kinds, as people's systems type them. */
export function comment(mood: string, key: string): string {
  const glue = pickEven("comment glue", key, [". ", ". ", ", ", " - ", "\n", "\r\n", "\r\n\r\n"]);
  const parts = [
    byMood(mood, openings, "comment opening", key),
    glue,
    byMood(mood, details, "comment detail", key),
    glue,
    byMood(mood, closings, "comment closing", key),
  ];
  return `replace(${parts.join(" || ")}, '{name}', ${pickEven("comment name", key, firstNames.split(", "))})`;
}

/** A title in the mood of an expression's value, for a key. */
export function title(mood: string, key: string): string {
  return byMood(mood, titles, "title", key);
}

function byMood(mood: string, fragments: Fragments, name: string, key: string): string {
  const cases = moods.map((each) => `when '${each}' then ${pickEven(name, key, fragments[each])}`);
  return `case ${mood} ${cases.join(" ")} end`;
}
