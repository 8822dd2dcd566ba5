/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Titles, heads of names, cues, and the words that are no names in spite of their capitals. */
#include "entity/words.h"

static const char *const function_words[] = {
    "a about above according across after afterwards again against ago albeit all almost along already also",
    "although always am amid among an and another any anybody anyone anything anyway are aren't around as aside",
    "at away be because been before behind being below beside besides best between beyond both but by can can't",
    "cannot could couldn't despite did didn't do does doesn't doing done don't down due during each either else",
    "elsewhere enough even ever every everybody everyone everything except few following for former formerly from",
    "further had hadn't half has hasn't have haven't having he he'd he'll he's hence her here hers herself him",
    "himself his how however i i'd i'll i'm i've if in indeed inside instead into is isn't it it'd it'll it's its",
    "itself just last lastly later latest least less let let's like likewise many maybe me meanwhile might mine",
    "more moreover most mostly much must my myself near nearly neither never nevertheless next no nobody none",
    "nonetheless nor not nothing notwithstanding now nowhere of off often on once one ones only onto or other",
    "others otherwise our ours ourselves out outside over own per perhaps please plus quite rather really",
    "regarding same several shall she she'd she'll she's should shouldn't since so some somebody someone",
    "something sometimes soon still such than that that's the their theirs them themselves then there there's",
    "thereafter therefore these they they'd they'll they're they've this those though three through throughout",
    "thus till to today together tomorrow tonight too toward towards two unless unlike until unto up upon us",
    "usually various very via was wasn't we we'd we'll we're we've were weren't what what's whatever when",
    "whenever where where's whereas wherever whether which while who who's whoever whole whom whose why will with",
    "within without won't would wouldn't yes yesterday yet you you'd you'll you're you've your yours yourself",
    "four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen",
    "nineteen twenty thirty forty fifty hundred thousand",
    NULL,
};

static const char *const particles[] = {
    "van von der den de da di do dos du della del la le bin ibn ben al el ul ter bint abu e y",
    NULL,
};

static const char *const titles[] = {
    "president mr mrs ms miss dr doctor prof professor sir dame lord lady baroness baron count countess duke",
    "duchess king queen prince princess emperor empress tsar czar sultan emir sheikh sheik shaikh shah pope",
    "cardinal archbishop bishop rev reverend father brother sister rabbi imam ayatollah mullah pastor monsignor",
    "patriarch chancellor premier minister secretary chairman chairwoman chairperson chair director governor gov",
    "senator sen representative rep congressman congresswoman mayor judge justice magistrate sheriff attorney",
    "prosecutor ambassador consul envoy commissioner general gen lieutenant lieut lt colonel col major maj",
    "captain capt commander cmdr admiral adm commodore brigadier brig sergeant sgt corporal cpl private pvt",
    "marshal officer inspector detective superintendent constable coach manager captain spokesman spokeswoman",
    "spokesperson analyst economist treasurer speaker leader chief deputy comptroller controller lawmaker lawyer",
    "rector dean provost taoiseach chancellor comrade don dona madame mme monsieur senor senora signor herr frau",
    "sec asst assistant superintendent pres mp mep coordinator negotiator boss ceo cfo coo cto pm strategist",
    "trader citizen hon honourable honorable saint",
    NULL,
};

static const char *const title_parts[] = {
    "deputy vice former foreign prime defense defence interior finance financial energy economy economic trade",
    "justice health education labor labour agriculture transport transportation culture tourism environment",
    "industry oil information communications planning budget homeland security police executive managing senior",
    "junior assistant asst acting interim chief first state attorney national press army navy air force supreme",
    "high union federal regional provincial district opposition majority minority house senate military court",
    "special principal general operating marketing sales investment global international head under sec secretary",
    "gen lt brig maj editor permanent associate right honourable social affairs development welfare treasury home",
    "european commercial commerce sports central water power mines petroleum religious human resources public",
    "works internal external relations independent party parliamentary presidential ministerial lieutenant rear",
    "brigadier field staff sergeant petty elect emeritus market research technical team group world bank monetary",
    "policy currency credit equity debt strategy portfolio fund cabinet congressional democratic republican",
    "conservative liberal communist socialist nobel media campaign",
    NULL,
};

static const char *const roles[] = {
    "president minister premier chancellor king queen prince princess spokesman spokeswoman spokesperson analyst",
    "economist strategist trader leader chief chairman chairwoman executive director manager coach captain",
    "striker midfielder defender goalkeeper keeper winger forward batsman bowler player actor actress singer",
    "musician guitarist drummer bassist composer conductor writer author novelist poet journalist reporter",
    "correspondent columnist editor publisher producer filmmaker artist painter sculptor architect photographer",
    "designer model lawyer attorney prosecutor judge professor historian scientist physicist chemist",
    "mathematician philosopher astronomer researcher expert doctor surgeon engineer pilot officer general colonel",
    "commander soldier rebel warlord militant dictator senator congressman congresswoman lawmaker politician",
    "mayor governor ambassador envoy diplomat negotiator secretary commissioner candidate activist dissident",
    "cleric imam preacher bishop archbishop cardinal pope billionaire tycoon businessman businesswoman",
    "entrepreneur investor banker financier founder partner owner boss ceo chair head deputy treasurer lawmaker",
    "champion sprinter swimmer cyclist boxer golfer skier driver rider jockey wrestler gymnast skater quarterback",
    "pitcher forward rookie veteran star hero legend teammate rival brother sister father mother son daughter",
    "wife husband uncle aunt nephew niece cousin widow friend colleague successor predecessor nominee incumbent",
    "democrat republican rapper comedian dancer presenter host narrator critic playwright screenwriter farmer",
    "teacher student resident witness victim survivor suspect defendant gunman hijacker bomber hostage detainee",
    "prisoner aide adviser advisor consultant official named called mr ms heavyweight entertainer tenor soprano",
    "violinist pianist cellist songwriter vocalist captain seed seeded",
    NULL,
};

static const char *const said_words[] = {
    "said says told tells added adds asked asks wrote writes noted notes explained explains stated argued argues",
    "recalled recalls warned replied insisted insists admitted admits believes believed thinks thought hopes",
    "hoped wants wanted knows knew testified quipped joked resigned married died signed married born smiled",
    "laughed apologized apologised conceded vowed declined scored tweeted commented remarked predicted pleaded",
    "acknowledged complained graduated appeared",
    NULL,
};

static const char *const org_heads[] = {
    "line lines agency agencies council bank banks ministry party university union committee commission group",
    "court association organization organisation institute institution department dept office bureau foundation",
    "federation assembly parliament senate congress house school college company companies holdings holding",
    "industries partners capital ventures fund funds trust securities insurance assurance brokers financial",
    "bancorp bancshares bancorporation airlines airways airline air aviation aerospace motors motor automotive",
    "electric electronics energy power petroleum oil gas resources mining minerals steel metals chemical",
    "chemicals pharmaceuticals pharmaceutical pharma laboratories laboratory labs biotech therapeutics",
    "technologies technology systems software semiconductor networks network communications telecom",
    "telecommunications media broadcasting news times post journal herald tribune gazette press newspaper",
    "newspapers magazine radio television tv studios pictures entertainment records music orchestra symphony",
    "philharmonic choir band club fc afc united rovers wanderers hotspur athletic sporting hospital hospitals",
    "clinic church ministries police army navy force forces corps guard guards brigade brigades regiment",
    "battalion division militia front movement alliance coalition league authority board administration service",
    "services secretariat consortium cooperative society academy cabinet forum chamber exchange markets reserve",
    "treasury center centre mission embassy consulate watch network taskforce team squad democrats liberals",
    "greens conservatives republicans socialists communists workers teachers farmers brothers sons associates",
    "international worldwide global enterprises properties realty estates stores supermarkets foods brewery",
    "breweries beverages tobacco paper products manufacturing engineering construction shipping shipyards",
    "logistics freight railways lines cruises hotels resorts casinos restaurants retail outfitters pharmacies",
    "healthcare hospitals diagnostics devices instruments analytics consulting advisors advisers research",
    "management asset investments investment equities wealth mortgage lending credit savings leasing publishing",
    "publishers publications books media cable wireless mobile telefonica telekom satellite cellular interactive",
    "digital commons lords representatives knesset duma bundestag bundesbank sejm directorate inspectorate",
    "ombudsman tribunal ministers chiefs nations rights affairs development cooperation intelligence",
    "investigation prisons customs",
    NULL,
};

static const char *const org_starts[] = {
    "bank ministry university department dept house bureau institute college board council court organization",
    "organisation association federation union academy chamber church society office school league committee",
    "commission company confederation congress conference brotherhood order parliament assembly institution",
    "center centre fund foundation museum library authority agency bureau division corps alliance coalition front",
    "movement party army campaign network forum group secretariat administration friends sons daughters knights",
    "guild institution embassy consulate mission conservatory embassy newspaper ministries workers communist",
    "headquarters directorate banco banque universidad universite partido parti club deportivo faculty ministry's",
    NULL,
};

static const char *const org_parts[] = {
    "national international federal central general united american european african asian global world royal",
    "imperial state public first people's peoples democratic republican liberal conservative socialist communist",
    "social christian islamic muslim catholic orthodox jewish national revolutionary popular independent",
    "progressive civil civic human economic financial monetary nuclear atomic medical scientific associated",
    "consolidated allied standard pacific atlantic continental universal premier advanced applied joint supreme",
    "high constitutional electoral election environmental security defense defence foreign interior finance",
    "agriculture commerce labor labour trade transport aviation railway space aeronautics broadcasting securities",
    "futures commodity stock mercantile industrial commercial agricultural development savings credit mutual life",
    "general olympic football cricket rugby tennis basketball baseball hockey athletic golf soccer cycling",
    "liberation resistance defense rights freedom justice peace unity reform labor workers farmers teachers",
    "students women's men's children's youth veterans green red blue black white big bayer volks deutsche banco",
    "banque banca credit societe compagnie groupe grupo gruppo",
    NULL,
};

static const char *const legal_forms[] = {
    "inc incorporated corp corporation ltd limited plc co company llc llp lp sa ag nv spa gmbh ab asa oyj pty bhd",
    "berhad kk se bv srl sarl sas aps kgaa pjsc ojsc jsc tbk pcl sab oao zao ooo pao kg cos",
    NULL,
};

static const char *const org_cues[] = {
    "shares stock spokesman spokeswoman officials executives shareholders investors customers employees workers",
    "members lawyers management headquarters profit profits revenue revenues sales earnings board unit subsidiary",
    "units products bonds debt operations factory plant plants stores branches analysts economists strategist",
    "analyst fighters militants rebels gunmen guerrillas insurgents commanders leaders leader member membership",
    "peacekeepers inspectors supporters fans players coach manager chairman chairwoman chief executive ceo",
    "president website network newspaper magazine television radio channel broadcaster acquired reported posted",
    "announced launched unveiled owns merged bought agreed beat drew lost won plans plc resolution sanctions",
    "summit headquarters charter alliance alliances troops",
    NULL,
};

static const char *const place_heads[] = {
    "river lake sea ocean gulf bay strait straits canal channel island islands isle isles peninsula mountain",
    "mountains mount hill hills valley desert forest plateau plain plains delta basin coast beach cape creek",
    "falls glacier canyon ridge range pass park garden gardens county province state district region territory",
    "prefecture governorate oblast republic kingdom emirate emirates city town village township borough",
    "municipality parish street avenue road boulevard lane drive square bridge tunnel highway airport station",
    "port harbor harbour palace castle cathedral stadium arena dam reservoir field fields heights springs",
    "hemisphere strip corridor crossing border triangle estate plaza tower towers hall monument memorial cemetery",
    "zoo jail prison penitentiary base barracks airfield shelf oilfield refinery pradesh gate quarter suburb camp",
    "caucasus steppe sound fjord reef atoll archipelago shire hamlet rapids",
    NULL,
};

static const char *const place_starts[] = {
    "mount mt lake port fort ft san santa sao saint st new los las el la north south east west northern southern",
    "eastern western central upper lower greater cape camp gulf rio puerto bad nizhny veliky villa ciudad kota",
    "ras wadi jebel tel beit khan deir umm sidi ile isle",
    NULL,
};

static const char *const event_heads[] = {
    "treaty war wars games olympics olympiad paralympics cup championship championships summit revolution",
    "agreement act accord accords pact protocol convention festival prize award awards open prix marathon tour",
    "election elections referendum uprising rebellion massacre battle siege crisis earthquake hurricane intifada",
    "holocaust tournament series masters derby classic bowl amendment declaration constitution charter covenant",
    "conference exhibition expo fair parade ceremony day jubilee genocide trophy medal oscars grammys emmys",
    "offensive operation coup armistice ceasefire plan initiative dialogue talks race regatta rally",
    NULL,
};

static const char *const demonyms[] = {
    "afghan afghans african africans albanian albanians algerian algerians american americans angolan arab arabs",
    "arabian argentine argentinian armenian armenians asian asians australian australians austrian austrians",
    "azerbaijani azeri bahraini bangladeshi basque basques bavarian belarusian belarussian belgian belgians",
    "bolivian bosnian bosnians bosniak brazilian brazilians briton britons british bulgarian bulgarians burmese",
    "burundian cambodian cameroonian canadian canadians catalan catalans chadian chechen chechens chilean",
    "chileans chinese colombian colombians congolese corsican croat croats croatian croatians cuban cubans",
    "cypriot cypriots czech czechs danish dane danes dutch dutchman ecuadorean ecuadorian egyptian egyptians",
    "emirati english englishman eritrean estonian estonians ethiopian ethiopians european europeans fijian",
    "filipino filipinos finn finns finnish flemish french frenchman frenchwoman gabonese gambian georgian",
    "georgians german germans ghanaian greek greeks guatemalan guinean guyanese haitian haitians hispanic",
    "hispanics honduran hungarian hungarians icelandic indian indians indonesian indonesians iranian iranians",
    "iraqi iraqis irish irishman israeli israelis italian italians ivorian jamaican japanese jew jews jewish",
    "jordanian jordanians kashmiri kazakh kenyan kenyans korean koreans kosovar kurd kurds kurdish kuwaiti",
    "kuwaitis kyrgyz laotian latin latino latinos latvian latvians lebanese liberian libyan libyans lithuanian",
    "lithuanians macedonian malagasy malawian malaysian malaysians malian maltese maori mauritanian mauritian",
    "mexican mexicans moldovan mongolian montenegrin moroccan moroccans mozambican namibian nepalese nepali",
    "nicaraguan nigerian nigerians nordic norwegian norwegians omani ossetian pakistani pakistanis palestinian",
    "palestinians panamanian paraguayan pashtun persian peruvian peruvians philippine polish pole poles",
    "portuguese qatari roman romanian romanians russian russians rwandan rwandans salvadoran saudi saudis",
    "scandinavian scot scots scottish scotsman senegalese serb serbs serbian serbians singaporean slav slavic",
    "slovak slovaks slovakian slovene slovenian slovenes somali somalis soviet soviets spaniard spaniards spanish",
    "sudanese surinamese swede swedes swedish swiss syrian syrians taiwanese tajik tamil tamils tanzanian thai",
    "thais tibetan tibetans togolese tunisian tunisians turk turks turkish turkmen ugandan ugandans uighur",
    "uighurs ukrainian ukrainians uruguayan uzbek uzbeks venezuelan venezuelans vietnamese welsh welshman yemeni",
    "yemenis yugoslav zambian zimbabwean zimbabweans zulu muslim muslims islamic islamist islamists christian",
    "christians catholic catholics protestant protestants buddhist buddhists hindu hindus sikh sikhs sunni sunnis",
    "shiite shiites shi'ite shi'ites orthodox jesuit nazi nazis communist communists socialist socialists marxist",
    "maoist maoists democrat democrats republican republicans liberal liberals conservative conservatives tory",
    "tories labourite western westerner westerners eastern northern southern baltic balkan caribbean",
    "mediterranean aegean transatlantic parisian londoner eurosceptic gaullist leninist stalinist thatcherite",
    "keynesian euro anglo franco sino texan californian sicilian bengali punjabi",
    NULL,
};

static const char *const calendar[] = {
    "january february march april may june july august september october november december jan feb mar apr jun",
    "jul aug sept sep oct nov dec monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu",
    "thur thurs fri sat sun",
    NULL,
};

static const char *const not_names[] = {
    "ebitda ebit gaap fx ftse dax cac nikkei usd eur gbp jpy ceo cfo coo cto cio evp svp mp mps mep meps pm am",
    "gmt est edt bst cet utc pst pdt cst tv dvd cd gdp gnp ipo ipos etf etfs pmi cpi ppi lng lpg suv suvs hiv",
    "aids dna rna pc pcs usb html http https www url pdf faq ngo ngos vip vat gps sms atm atms id ids ok hq ad bc",
    "bce jr sr phd md ma ba bsc msc mba esq internet web god bible koran quran christmas easter ramadan hanukkah",
    "passover halloween thanksgiving islam christianity judaism hinduism buddhism catholicism protestantism",
    "communism marxism nazism allah lent christ english latin ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi",
    "euro euros dollar yen sterling rouble rupee yuan tel fax email oc na ii kg km cm mm mph kph pct mln bln bn",
    "qtr yr yrs vs nos vol pp ed eds op cit etc fig figs table tables chapter appendix pages photo photos video",
    "audio copyright update updated breaking factbox timeline analysis interview wrapup snapshot refile corrected",
    "advisory subscribe login menu comment comments click privacy terms cookies newsletter http com org ph rd ave",
    "blvd ht aug oct hdtv lcd led dj rpm mvp rbi era ot nr pts reporting editing writing additional keywords",
    "dateline bureau newsroom libor euribor eonia brent wti qe aaa topix sensex stoxx abenomics m&a",
    "r&d q&a",
    NULL,
};

static const char *const owners[] = {
    "moody macy mcdonald wendy kohl sotheby christie lloyd levi poor domino denny people women men children",
    "workers farmers teachers king queen st john wal sainsbury kellogg hershey campbell dillard lowe dick cabela",
    "applebee arby carl bj chili o'reilly barclay guy thomas peter world player driver producer writer founder",
    "trader shi'a destiny land victoria schindler rosemary bloomingdale nando women's children's",
    NULL,
};

static const char *const directions[] = {
    "north south east west northern southern eastern western northeast northwest southeast southwest northeastern",
    "northwestern southeastern southwestern central upper lower greater downtown",
    NULL,
};

const mrg_word_list mrg_word_lists[] = {
    { MRG_WORD_COMMON, mrg_words_common },
    { MRG_WORD_FUNCTION, function_words },
    { MRG_WORD_FIRST_NAME, mrg_words_first_names },
    { MRG_WORD_SURNAME, mrg_words_surnames },
    { MRG_WORD_PARTICLE, particles },
    { MRG_WORD_TITLE, titles },
    { MRG_WORD_TITLE_PART, title_parts },
    { MRG_WORD_ROLE, roles },
    { MRG_WORD_SAID, said_words },
    { MRG_WORD_ORG_HEAD, org_heads },
    { MRG_WORD_ORG_START, org_starts },
    { MRG_WORD_ORG_PART, org_parts },
    { MRG_WORD_LEGAL_FORM, legal_forms },
    { MRG_WORD_ORG_CUE, org_cues },
    { MRG_WORD_PLACE_HEAD, place_heads },
    { MRG_WORD_PLACE_START, place_starts },
    { MRG_WORD_EVENT_HEAD, event_heads },
    { MRG_WORD_DEMONYM, demonyms },
    { MRG_WORD_CALENDAR, calendar },
    { MRG_WORD_NOT_NAME, not_names },
    { MRG_WORD_OWNS, owners },
    { MRG_WORD_DIRECTION, directions },
    { 0, NULL },
};
