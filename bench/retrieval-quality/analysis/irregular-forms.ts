/** Irregular English forms by their base form; forms that are more often another word (saw, found, left, felt, lay) are left out. */
const FORMS = `
arise arose arisen; bear bore borne; beat beaten; become became; begin began begun; bend bent; bind bound; bite bit bitten;
blow blew blown; break broke broken; breed bred; bring brought; build built; burn burnt; buy bought; catch caught;
choose chose chosen; come came; creep crept; deal dealt; dig dug; do did done does; draw drew drawn; dream dreamt;
drink drank drunk; drive drove driven; eat ate eaten; fall fell fallen; feed fed; fight fought; flee fled; fly flew flown;
forbid forbade forbidden; forget forgot forgotten; freeze froze frozen; get got gotten; give gave given; go went gone;
grow grew grown; hang hung; have had has; hear heard; hide hid hidden; hold held; keep kept; know knew known; lay laid;
lead led; learn learnt; lend lent; lose lost; make made; mean meant; meet met; pay paid; ride rode ridden; ring rang rung;
rise rose risen; run ran; say said; see seen; seek sought; sell sold; send sent; shake shook shaken; shine shone;
shoot shot; show shown; shrink shrank shrunk; sing sang sung; sink sank sunk; sit sat; sleep slept; slide slid;
speak spoke spoken; spend spent; spin spun; stand stood; steal stole stolen; stick stuck; strike struck; strive strove striven;
swear swore sworn; sweep swept; swim swam swum; swing swung; take took taken; teach taught; tear tore torn; tell told;
think thought; throw threw thrown; understand understood; wear wore worn; weave wove woven; win won; withdraw withdrew withdrawn;
write wrote written; undergo underwent undergone; undertake undertook undertaken; overcome overcame; forgive forgave forgiven;
be is was were are been being;
man men; woman women; child children; foot feet; tooth teeth; goose geese; mouse mice; ox oxen; person people;
life lives; wife wives; knife knives; half halves; leaf leaves; wolf wolves; thief thieves; shelf shelves; calf calves;
analysis analyses; basis bases; crisis crises; thesis theses; hypothesis hypotheses; phenomenon phenomena; criterion criteria;
bacterium bacteria; nucleus nuclei; index indices; matrix matrices; vertex vertices`;

const BASE_FORMS = new Map(
  FORMS.split(';').flatMap((line) => {
    const [base = '', ...forms] = line.trim().split(/\s+/);
    return forms.map((form) => [form, base] as const);
  }),
);

/** The base form of an irregular form; any other term as it is. */
export function baseForm(term: string): string {
  return BASE_FORMS.get(term) ?? term;
}
