/** The two-letter codes of Brazil's 26 states and its federal district. */
export const brazilianStates = [
  ...["AC", "AL", "AM", "AP", "BA", "CE", "DF", "ES", "GO"],
  ...["MA", "MG", "MS", "MT", "PA", "PB", "PE", "PI", "PR"],
  ...["RJ", "RN", "RO", "RR", "RS", "SC", "SE", "SP", "TO"],
] as const;
