/** Documents that try to be more than text, and others that are hard to set. */
export const DOCUMENTS = [
  {
    id: 'hostile',
    title: '<img src=x onerror="window.owned=1">Zorblax manual',
    uri: 'javascript:window.owned=1',
    text:
      '<script>window.owned=1</script> The zorblax valve <b onclick="window.owned=1">opens</b> at 45 bars of pressure ' +
      '<iframe srcdoc="<script>top.owned=1</script>"></iframe> in every model.',
  },
  {
    id: 'bidi',
    title: 'Frobnicator \u2069\u202e\u2066weights',
    uri: 'https://docs.example/frobnicator',
    text: 'Every frobnicator \u202e\u2067 weighs 12 kilograms without \u202dits cover \u2066 and its stand.',
  },
  {
    id: 'zero-width',
    title: 'Quux cables',
    uri: 'https://docs.example/quux',
    text: `The quux cable is 3\u200b0\u200d metres long and is called ${'Donaudampfschifffahrt'.repeat(12)} by sailors.`,
  },
  {
    id: 'arabic',
    title: 'ضمان المصباح',
    uri: 'https://docs.example/ar/warranty',
    text: 'ضمان المصباح مدته 24 شهرا من تاريخ التسليم. يمكن إرجاع المصباح خلال 30 يوما.',
  },
] as const;
