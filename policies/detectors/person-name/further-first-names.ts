/** Given names of further languages, without marks: those of Africa, the Caucasus, Central Asia, the Pacific and the smaller ones of Europe among them. */
export const FURTHER_FIRST_NAMES = `
  aafke aage aakash abdelhamid abdelkarim abdellatif abdelrahman abdo abeba abeer abena abhinav abhishek
  abimbola abiodun abiola adaobi adebola adelaide adele adelina ademir ademola adenilson adeola adewale
  adham adhiambo adilson aditi adunni adwoa afaf afua agathe agnese agnetha ahlam aibek aida aidan aidana
  aiga aigerim aigul ailbhe ailton ainara ainars ainhoa ainsley ainur ainura aisling aiste aisuluu aisyah
  aivar aivars aivis aizhan akash akin akinwale akinyi aksel akshay akua akvile alaa alana alcides alden
  aldis aldona aled aleksi alemu alessia alfie alfonso algirdas algis aliaa aline alireza alisha aliya
  alizee almas almaz almudena alok altair alvydas alyson amadeu amaia amaka amal amandine ameya amirhossein
  amjad amol amos anabel anabelle anais analyn anan anas anastasiia ander andi andile andrejs andressa
  andrii andrius anele angelica angelique angharad angie aniket anirudh anisa anisio anker ankur annabel
  annabelle annbritt anneke anneli anneliese annemette anni annikki annunziata anssi antanas antia antoine
  antonia anuj anurag anush anxo anyango aparajita aparecido apinya apiyo apolline araba aram ariane
  arianna arie arief arja arjan arlindo arman armands armindo armine arnau arnaud arnor arnulfo aroha
  arpine arpita artak arthit arto aruna arunas arvis arvydas arwa ascension aseel asel asem asep asgeir
  asger ashish ashlyn ashot ashwini askar aslaug asma asmaa assaf assel astri atefeh atieno atul aubrey
  audrius aulis aurimas aurore ausra ausrine avani avigail avishai avner awino axelle ayah ayanda ayat
  ayelet ayhan aymen aynur ayotunde aysegul ayten ayu ayush azamat aziza azlina azza babatunde bahaa bahar
  baiba bakari bakhyt bakyt baltazar balwinder bamidele banu baraka baran barasa basem basma bassam batuhan
  bauyrzhan bayani beatrix begimai behnam behrouz bekele bekir belinda belmiro benat benedetto benigno
  bente benvinda beren berenice beril berkay bernarda bernardo bernat bernice bertrand besik bethan betul
  beyza bhavana bhavna bheki bhumika bianca bibigul biel bienvenido bijan bima birhanu birna birte biruk
  birute bisi bjarke bjarni bjorg blandine blas boaz bobur bodil bohdana boitumelo bolanle bolat boonmee
  borislav botagoz bouchra boushra brais branka brayden breanna brechtje breno breogan brid brigitte
  britney brittany bronwen brunella bryndis bryony bugra bukola busisiwe caden caetano cagla caglar caio
  calogero camilla candela cansu caoimhe capucine carme carmelita carolina carsten carys cassia
  cassiano catriona caua cayetano cees celestino cem cemal cemil ceren cesario ceyda chaim chaima chaitanya
  chaiwat chana chanida chantelle chebet cherono chihiro chipo cholpon chukwudi chunhua ciara cigdem
  cillian cinzia ciro cleber cleide clodagh clodoaldo clotilde colm concepcion concetta corazon corey
  cormac corrie cosimo craig crisanto cristiane cristiano dafna dafydd daiga dainis dainius daiva dalal
  dalisay dalit dalva damiano damiao damilola damla damon danah danang danilo daniyar danute daphne dapo
  dareen darius dariush darragh davit davor dawit deanna debora decha declan dedi deirdre deividas delfina
  denilson denzel deolinda derya desislava devika dhananjay diarmuid didier dietrich dilnoza dilshod dilwyn
  dimas dimitar dinara dineo dini diogo dipti dirce dirkje diya diyaa djalma dogan dogukan dolors domagoj
  dominick donnacha donovan dorival dorottya dorthe douwe dovile dragana drazen duduzile duygu dzenan
  dzintars dzintra ebere ebrahim ecrin edgars edimilson edin edita editha edivaldo edneia edouard edvardas
  eevi efrat efren egidijus egils egle eila eilidh eimantas eimear eino eirik eitan ejnar ekin eko ekow
  elad elchin eleonore eleri elham eliana eliane eliezer elif eliisa elina eline eliot elisabetta elivelton
  eliza elke ellie elmira elnaz elnur eloise eloy elton eman emelie emelita emile emiliano emilien emilio
  emiliya emine emir emmett emrys endah endang ene eneko engin enric enrico eoin epp erdal eren erhan eriks
  erkki erlan erlinda erling erna ernestina erni ernie ernst erol ersin esben esin esinam esko esme estel
  estela etienne etta ettore eugenia eugenie eugenio eulogio eusebio evangeline evelin evelina everton
  evija evren eyerusalem eyjolfur eylul ezequiel ezgi fabiola fadel fadime fahad faiza fajar fanny farai
  faraji farhan farida faris farrukh farzad farzaneh fatemeh fathi fatiha fatuma faustine faustino fausto
  fauzi fawzia faye fayez felicie felicity felisa feras ferdi ferdinand fereshteh fergal feride ferran
  feruza fevzi fiadh fidel figen fiifi fikret filipa filomena finja finlay finley fintan fionn fiorenza
  firuz flavie flemming fletcher florante florencio florentina floriane floris fokke franca frances
  francesc franck franco francoise frankie frederica frederico freek frehiwot freja freya frida fridrik
  frits funke funmilayo furkan gabija gael gaelle gagik gail gaizka galit galym garazi garrett gaspard
  gathoni gatis gauthier gayane gayatri gbenga gediminas geeta geir gemma genoveva georgi georgiana georgie
  geraint gerda gergo german gerry gert getachew gethin gevorg ghada ghislaine gianna giedre gilad gillian
  gilson gina ginette gino gintaras gintare giorgia giorgio giovana giovanna girma gisele gisli gitana
  gitau gitte gizem glynis gocha gohar gokce golnaz gonca gorka gorm gosta gottfried govert graca graciela
  gracinda graeme grainne grazia greetje gregorio grete grigor griselda gro guangming gudmund guenter
  guenther gugu guifre guiying gul gulay gulcan gulden gulmira gulnara gulnaz gulnora gulsen gun gunars
  gundega gunel gunnhildur guntars guntis guohua guoqiang guram gurkan gurmeet guro guven guy gwenaelle
  gwyneth hadas hadeel hadia hafiz haifeng haile hailey haim haitham haizea hajar hakim hakob hakon hala
  halima halldor halldora hallgrimur hallvard haluk halvard hamad hamdan hamidreza hamisi hamlet hanan
  handan hande hannah hanne hannele hannes haoran haoyu harini harri harshad hasmik hasna hauke havard
  havva haya haydar hayley hayriye hazem haziq heidrun heiki helgi helina helio helve hemalatha hendri
  hennie henrietta henriette henrike herculano heri heriberto herma herminio hesham hessa hieu hila hilario
  hillevi hilmar hirut hiwot hjordis hoai hoda hohepa honoka honore horacio hortense hortensia houman
  houssam hovhannes hrafn hristo hrvoje hubertus hugues hulda hulya humberto husam hussam huw huyen iago
  iain idit ieuan ieva ifeanyi ihab iida iiro ijeoma ika ikaika ikechukwu ilham iliana ilija ilkay ilker
  ilvars ilyas imam imanol imants immacolata inaam inaki inara inbal indah inderjit indre indrek indu inese
  ingalill ingela ingibjorg ingmar ingolfur ingrida inguna ingunn inguss inkeri iolanda ion ipek iracema
  irakli irem iria irja irmantas irmtraud irwan isadora isagani ishita isidoro isidro iskandar ismet isolde
  issac issam itai itamar itzik ivanna ivar ivars ivaylo ivete ivette ivica iwan izaro izzati jaafar jaak
  jaan jaanika jaanus jabulani jacinto jacoba jacobo jaden jadranka jagadeesh jagjit jagoda jake jakobina
  jamila janelle jani janne janneke jantje jaqueline jarek jarkko jarmo jasna jasur jaswinder jaume javad
  jawad jayant jayanthi jeannine jebet jeffery jejomar jepkosgei jeppe jeronimo jesper jetske jette jianhua
  jianjun jianping jiaqi jiayi jimena jinhua jirawat jitendra jocelyne joelma joey jofre joke jokin jokull
  jolene jomar jone jonna jordana joris joseba josip jostein josu joud jouko jovan jovelyn juanjo jucelia
  juha julen julia juma jumadi junjun juozas jurate jurgita juri jussi jutta juuso jyldyz kaarel kaarina
  kacper kadek kadir kadri kagan kaie kaija kaimana kairat kairi kaisu kaito kaj kalani kalina kalle kalman
  kalyani kamola kamon kamran kanat kanchan kanokwan kanya kara karabo karine karlheinz karlotta karol
  karsten karthik kartika kaspar kaspars kateryna kathrin katia katlego katri katrina katunge kaua kauko
  kaveh kawthar kayleigh kazumi kazys keabetswe keanu kebede keeley kees keijo keira keisuke kekoa kelechi
  kellie kelsey kemi kenan kendra kendrick keno kentaro keoni kerem kersti kertu kestutis ketevan ketil
  ketut keyvan kgomotso khairul khamisi khanyisile khethiwe khrystyna kianoush kidist kiet kimani kimmo
  kipkemboi kiptoo kiril kittipong kjeld kjersti kjetil klaas klaudia knud kobina kojo kolbrun koldo komang
  konul koos kotaro kourosh krasimir krasimira kresimir krisna kristaps kristian kristiina kristijan
  kristine kristjan kristo kubanych kudzai kulap kulwinder kunal kunle kurniawan kwadwo kwaku kwanjai kwasi
  kylie kyllikki kyrylo lachlan ladan laercio laetitia laia laima laimonas lakhwinder lala laleh lalitha
  lamiaa lana lanre larysa lasha laureano laurene laurens laurie lauris laust lebohang leelo leen leendert
  leevi leif leilani leire lejla leman lemlem lene leokadia leona leonel leopoldo lesia lestari levente
  levon lexi lidija liene ligaya ligia liina liis liisa lilit lilja lilou linards lindiwe lindsay lindsey
  lingling liora lisbeth lise liselotte liubov llorenc lluc lluis loan lobna loes lokesh londiwe lonneke
  lorea loreta losa lotta louane loubna lourdes lovepreet lovisa lowri luana luciano lucimar lucinda
  lucrecia ludger ludivine ludovica luigi luiz lujain luka luke lungile lupe lusine lutz luzia luzviminda
  lwazi lynda lyndon lynette lynne lyubomir maaike maarit maarja maayan machteld maddie madhav madhavi
  madhu madina madison mads mael maeve magne magnea maha mahdi mahendra mahmut mahnaz maialen maicon maider
  maija maire mairi maite majbritt majed majida makena makoa malathi malee malene malia malin malle mallika
  mamello mamta mamuka manaia manal manami mandana manizha manoel manouchehr marama marcelino marcelo
  margarete margarida margaux margherita margie margret margus mariangela maricarmen mariella mariia marijn
  marilia marilou marin mariona marita marites maritza marivic mariya marjan marjatta marjo marju marjut
  markel marleen marli marloes marte marthe marti martijn martins martti martynas marwa maryna maryse
  masaru masego masoud masoumeh massimo mateus matheo matheus matilda matilde matt matthieu
  mattis mauri maurizio mawuli maxence maximiliano maxwell mayara mayra maysa mazen meelis meghan mehdi
  mehrdad meihua mekdes melchor mele melek melih melike melis meltem melvin menachem merab meral merce
  merete meriem meritxell merle merlinda meron mert meruert metin mher mia micaela michela mihkel miho
  mikaere mikel mikkel mikolaj milind miljana millie milton mingyu minna miodrag mirari mireia miren miri
  mirja mirjam mirlan mirva misaki mitra mizuki mladen moacir moana moataz modris modupe moeketsi mogens
  mohamad mohammadreza mohd mohini mohsen mojtaba momme montserrat morteza morton mostafa mpho mridula
  mthunzi mucahit muge muhammet muhannad muireann mukhabbat mukund mulugeta mulyadi mumbi munashe munevver
  munir murad murilo murugan musa mustapha muthoni mutinda mwajuma mwende myfanwy mykyta mylene myles myrna
  myroslava naama nabila nadav nader nadiia nael nafula nagaraj nagihan nahid nahom naiara naira najla
  najwa nalan nalani naledi naliaka namrata nanami narek naresh narges nargiz nargiza narong nasim natavan
  natcha natia natnael nattapong nattaya navdeep nayef nazan nazar nazgul nazli ndanu nduta necati neele
  neema negar nekesa nele nelida nenad nenita nerijus neringa nermin nermina nerys neslihan nesrin nesrine
  neus neusa neuza nevin ngaire ngan nguyet nhan niall niamh nigar nihal nihat niilo niina nikau nikola
  nikolina nilay nilgun niloufar nilton nilufar nima nimrod nino nithya nitzan nivaldo njambi nkosana
  nkosinathi nneka noa nobuhle nodar nodira noelani noelia noemia noha noluthando nomvula nonso noora
  noortje noppadol noraini norazlina norhayati normita normunds nosipho nouha nour nouri novi ntokozo
  ntombi nugzar nuha nune nunzia nurbek nurcan nuri nurit nurlan nursultan nurzhan nyasha nyokabi nyoman
  obdulia obioma ochieng octavio odhiambo odunayo ogechi ognjen ognyan oguz oguzhan oihane oisin okan
  okechukwu oktavia olabisi olafur olatz olavi olayinka oliwia olumide olusegun oluwadamilola oluwaseyi
  oluwatobi olzhas omotola omri onni onno onthatile onyango onyeka opeyemi ophelie orapin oratile orazio
  orhan oriol orit orjan orkhan oskari oskars osmo osnat osten otabek otar otmar ottilie ousama oyin
  oystein oyvind ozan ozge ozgur ozkan paavo padmaja palesa pall palle panida parth parvina parvinder
  pascal pasquale patrice pattama patxi paulius pavan payam peder peeter pegah pelin pepe pere perihan
  pernilla perttu peru peteris petras petteri petur petya peyman phichit phong phumzile pia pien pierrick
  pimchanok pina piret pirkko piyawat plamen polat polly pooya porfirio prabha prabhjot prabhu prabowo
  prachi pramod prapai prasanna prasert prasit prathamesh pratibha pravin preben predrag preecha prerna
  priit priscila pualani purificacion puspita qasim quico quim rabab rabih rachana rachida radhika radoslav
  radu rafaela rafal rafiq raghad raghu ragnheidur rahayu rahel rahmat raija raili raimonds raimundas
  raissa raivo rajan rajani rajat rajni rakhi ramandeep ramazan rami ramil ramiro ramunas ramune ramy ramya
  rangi ranjit ranjith rannveig rashad rashed rashidi ratko rattana ravneet ravshan rawan rayan rebeca
  recep reema refilwe regis rehema reidar reinaldo reinhold remco remy renaud renee renuka reshma retno
  revaz reyhan reynaldo rhian rhoda riad riccardo rickard ricky ridwan ridzuan rihards riina riitta rikke
  rimantas rini rinus rishabh ritesh ritika ritvars riyad riza rizalina rocco rochelle rodel roel roelof
  rogelio rohini roksolana rola rolando romane romualdas ronan ronen ronit ronke roopa rosalia rosalinda
  rosalinde rosamund rosaria roseanne roseli roselyne roser rosita rositsa rosmah rosnah rotem rotimi
  rouzbeh roya ruairi ruaridh ruba rubens ruchi rudi rudite rudo ruediger rufino rumen rumyana runar rustam
  ruta rutendo ruvimbo ruxandra ruzanna ryohei ryoko ryosuke saar saara sabah saban sabela sabina sabri
  sade sadhana saeed safaa sahar sahin sakda sakina salman salome salwa samah saman samanta samar sameh
  samer samiha sampo samuli samvel sanaa sanaz sandhya sandile sandis sandrine sanele sanita sanja santeri
  santhosh saoirse saravanan sarawut sardor sarika sarit sarojini sarunas sasa satnam satomi saturnino saud
  saul saule saulius saurabh sawsan sbusiso sead seamus seda sedat sefa sefo seija selamawit selcuk selda
  selina selorm selwyn sema semih semisi semra senad senait senay sengul senthil sepideh serafim serap
  serdar seren sergi serhat serik serpil sevda severino sevim sevinc sevinj seyma sezen sezgin shadia
  shafiq shahnoza shahram shahrul shahrzad shaima shaimaa shaked shalini shankar shantanu sharada shaul
  shavkat shayan sheela shekhar sheridan sherine sheryl sherzod shigeo shimon shira shiri shizuka shmuel
  shogo shohei shoko shoshana shrikant shufang shuzhen shweta siamak sian sibusiso sigal sigbjorn sigit
  sigita sigitas sigridur sigurdur sigurjon sigvard siiri silvana silvija simbarashe simisola simran sinan
  sindre sinem sinisa sinta sione sirikit sirje sirkka sixten siyabonga siyu sizwe sjors skaiste skuli
  sladjana slamet slavica smadar smita smriti snorri soeren soha soheil soile sola solange solfrid solomiya
  solomon solvita somaya somayeh sombat sompong somsak somying sonali sondos sonya sorcha soroush souad
  sourav sowmya srdjan srikanth sriram stanimir stanislawa stasys stefka steingrimur steinunn stelian
  stellan stian stine stjepan stojan stoyan suat subramaniam suchart suda sudhakar sudheer sudipta suelen
  sugeng suha suhail suhaila suharto suhrob sukhdeep sukhwinder sukma sule suleyman sulistyo sumathi
  sumeyye sumiko sunisa supachai supaporn suparna supriya surabhi suraj surasak suren surendra susann
  susanna susanti sushant sushma susilo suvi suwarni suyanto svanhildur svein sveinn svend svetoslav swapna
  swapnil swaroop swathi syafiq syahirah sybren sylvester symbat synne szilard taavi tadesse tadhg tafadzwa
  tahereh taichi taiki takudzwa talgat talita talya tamati tamaz tamika tamim tamires tamotsu tamuna
  tanawat tanel taner tanguy tanmay tanvi tapiwa tarcisio tarek tarik tariro tarmo taru tasneem tatenda
  tatevik taufik tauno tayfun tebogo teguh tejinder tekin tekle telmo temirlan temitayo tena tendai tengiz
  teodoro teofilo teresita tesfaye tessa tetiana teun teuvo tevita thais thaksin thalita thanakorn
  thanaporn thandiwe thang thanh thekla thembi thijmen thinh thora thorbjorn thordis thorgerdur thorsteinn
  thorunn thuan thulani thuli tien tigist tihomir tiina tiit tiiu tijana tijmen tilda tilek tilly timothee
  timucin tinashe titilayo tjalling tobi toby todor togzhan tola tolulope tomer tomislav tomoki tomos tonis
  toomas toralf tornike tove tracey traute triin triinu trijntje troels trupti truus tryggvi tsehay
  tshegofatso tsuyoshi tsvetan tsvetelina tsvi tuba tugba tugce tulay tulin tunc tuomo tural turan turgut
  tushar tuti tuukka tuulikki tuva txell tytti tzipi ubirajara uche uchechi ufuk ugur ulas uldis ulle
  ullrich ulo ulrika ultan ulugbek ulviyya umida umit unai unal unathi unnur untung upendra urmas uros urpo
  urve uschi utami utkarsh uuno uxia uxue uzoma vagner vahan vahe vahid vaibhav vaishali vakhtang valdas
  valdemar valdemir valdis valentine valeria valeska valgerdur valmir valtteri vanda vanitha varaporn
  vardan vasanth vasco vasil vasudha vaughn vazgen vedat veera vegard veijo veikko veiko veselin vibeke
  vicenta victorine vidhya viivi vijaya vikrant viktoriia viktors vilborg vilho viliami vilija villy vilma
  vimbai vineeta vipin vipul viraj virgilio virginie virginija viswanathan vitalii vivaan viviana viviane
  vivienne vladan vojislav vugar vuokko vusi vytautas waad wacera waclaw wadih wafula wagner wahid wairimu
  walace walburga wale waleed wanderley wangari wanida wanjala waraporn wassim wataru wati wawan weerachai
  weidong weiguo weihong weijie wekesa wenbin wenjie wenjun wenke weronika wichai widad widya wiebe
  wiktoria wilhelmine willian wiltrud winda wipa wiremu wissam witold wlodzimierz wolfhard worawut worku
  wout wulan xabi xabier xaver xiana xiaomei xiaowei xinyi xinyue xiomara xoan xolani xolisa xuemei xurxo
  yaa yagmur yago yair yalda yamini yanhong yaniv yanto yaqoub yared yaron yasaman yasmine yasuhiko yavuz
  yazan yazid yehuda yeliz yemisi yeray yerbol yerlan yesica yevheniia yewande yfke yichen yifan yigal
  yigit yildiz yingying yinka yoann yoav yochai yoel yogita yohan yohannes yolande yonas yonatan yongqiang
  yordan yordanka yoshihiro yossi yosuke yotam yousra yudi yuina yulan yulianto yuliia yuni yunus yupa
  yurii yuriko yusra yutong yuval yuxuan zack zafer zainal zakaria zakia zaleha zara zarina zaruhi zaur
  zawadi zaynab zaza zdravko zeev zehra zeina zekeriya zeljka zenaida zerrin zewdu zhanar zhanibek zhigang
  zhiqiang zhivko zhiyuan zigmars zihan zikora zilda zinhle zivile zixin ziyi zlatan zlatko zodwa zoey
  zohreh zolani zoraida zorica zoryana zuhair zuhal zuhura zukiswa zulal zulfiya zulkifli zulmira zurab
  zurine zvi zvonimir zydrunas zygmunt
`;
