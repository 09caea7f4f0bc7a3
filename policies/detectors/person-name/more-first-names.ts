/** Given names by country, beside the commonest of all: of Europe, Africa, the Levant, South Asia and the Far East. */
export const MORE_FIRST_NAMES = `
  abdelaziz abdelkader abdou abdoulaye abdul abdulrahman abu achieng achilleas adaeze adel adela adina
  afonso agapi aggeliki agneta agus agustin agustín ahmad ahmet aino aissatou aitor akihiko akihito akinori
  akram alasdair alastair aleksei alena ales alexandros alexei alexey alexios aleš alin alistair aliyu aliz
  alper alvaro alyona alžběta amandeep amarjit aminata amira amrit anahit anand anastasios anatoly anca
  andras andris andriy andrás angeliki angus anh aniko anikó anjali ankit ankita annalisa annamaria annegret
  annelies annemarie anong anouk anselmo antonella antonietta antonis antti antónio antônio anupam anwar
  aparecida aparna apostolos araceli arantxa archana archibald aref areti aristidis arkady armen arne arnel
  arpad artem artur arun arvid arvind asami ashleigh ashok ashraf ashwin asta asuka asuman asuncion asunción
  athanasios atsuko atsushi attila aurel aurelia aurelie aurélie aurélien avinash ayaka ayako aylin ayman
  ayse aysel ayşe aziz azlan balaji balazs baljit balázs bambang baptiste barbro baris barnaby barış bastien
  begoña bela belen belén bence benedetta benedita bengt benito benoit benoît berit bertil bethany bharat
  bhaskar bhavesh bilal bilel binta birger birgitta birgül björk bogdana boguslaw bogusław bohdan bohumil
  bojana bongani borja bozena bořivoj bożena bożenna božena bradley brahim bram branislav brent britt
  bronisław bryce budi bulent burak burcu burkhard byron byung béla bích børge bülent büşra caleb calvin
  cameron candace carmelo carmine casey catalin cesare chandan chantal chara charalambos charis chetan
  chiamaka chie chiyo christer chrysoula chukwuemeka chul chus cihan ciprian clifford clinton clyde cláudia
  clémence codrin cody coen conceicao conceição conchita constantin coralie corentin corina cosmin costel
  costin courtney cristi cristobal cristóbal csaba csilla cyril czesław cécile cédric célia céline cíntia
  călin cătălin daan daciana daeho daiki daisuke dalia damian damien dana daniele danuta darcy darrell
  darryl darshan daryna davi deandre deepa deepika dejan delbert delphine demetrius denys derrick desiree
  despina detlef dewayne dewey dezső dharmendra dhruv dilek dilip dimitra dimitrios dimos dina dinesh dmytro
  doerte doina domenico dominic donatella doreen dorin dorota dragos dragoș dumitru duong dusan dušan dwayne
  dwight dániel dénes dörte earnest ebba eberhard ebru ebuka edilson edina edmund edna edoardo edson eduarda
  edurne edyta eeva effie efi ehab eija eiko einar eirini eivind ekkehard elbert eldon eleanora eleftheria
  eleftherios eleonora elfriede elias elijah elin eliska elisângela eliška ellinor elliot elliott ellis
  elmer elodie elroy elsie elvin elzbieta elżbieta emanuela emanuele emiko emilian emrah encarnacion
  encarnación endre enikő ercan erdem erkan erland ernestine ervin erzsebet erzsébet eskil esma espen
  estefania estefanía estella estelle eszter ethel etsuko eugen eulalia eunice eunji evan evandro evangelia
  evangelos everett evgeniya evgeny evi ewald ewelina ezra fabiana fabien fabrice fabrizio fabrício fadi
  faisal faizal farhad farouk fatoumata fawzi federica fedor femke fenna fergus ferhat fermin fermín filippo
  filiz fiorella fitri flavius flora florent florin flávia flávio folake folke fotini fotis fouad francisca
  franciszek frantisek františek frauke freda fredrik friederike friedhelm frode fulvio fumiko fumio gabor
  gaetan gaetano galina gamze ganesh gaspar gauri gavril gayle gaëtan geert genevieve gennady gennaro
  genowefa geoff georgios georgy geraldo gerardo gerd gerlinde germaine gerrit gertie ghassan gheorghe
  ghislain giacomo giancarlo gianfranco gianluca gianmarco giannis gideon gijs gilberto gilda giles gilles
  gilmar ginevra ginés giorgi giorgos girish gisbert giuliana giuliano giuseppina gleb glenda glenn glenys
  goncalo gonzalo gonçalo gopal gordana govind graziella grazyna grażyna gregoire gretchen grigory grégoire
  gudrun guilherme guillem gunhild gunilla gunnar gurdeep gurpreet gustaf gustav gwen gwendolyn gyorgy gyula
  györgy gábor gökhan göran götz gülsüm günther habib haiyan hajime hakan halil halina halvor halyna hamid
  hamish hamza hanako hanh hani hanife hanna hanneke hannelore hannu haralambos hardeep harish harpreet
  harsh hartmut haruka haruki harumi hasan hatem hatice hattie hayato hayk hedda hedwig hege heikki heiko
  heitor helge heli hemant hendra hendrik henk henning henrique henryk hermann herminia hernan hernán herve
  hervé hessel hicham hidetoshi hilary hilda hilde hildegard hilkka hiltrud hiroaki hiromi hiroto hiroyuki
  hisashi hisham hitesh hitomi hjalmar hollie hongmei horace horațiu horia hossam houda hung huseyin hussain
  hyejin hynek hyun hyunjin hyunwoo håkan hélder hélène hüseyin iara ibrahima ichiro ihor ikenna iker ildiko
  ileana ilias ilie ilinca ilkka ilona ilze imogen imre imtiaz indira ineke ingegerd ingemar inger ingolf
  ingvar inigo inmaculada inna inácio inês ioan ioana ioanna ioannis iona ionel ionut ionuț iqbal irma
  irmgard irvin irving iryna isaiah isamu isha ishaan isla ismael ismail isobel itsuki itziar iulian ivana
  ivano ivone ivor iwona izabel izabela izumi iñigo jaap jaber jacco jacek jadwiga jaehyun jagdish jalal
  jandira janusz jari jarl jaromir jaromír jaroslava jarosław jarrod jarvis jasmin jaspreet jatin javed javi
  jayden jayesh jayne jeannette jed jedidiah jemima jenna jenny jeong jeremiah jeremie jermaine jeroen
  jerold jerzy jess jethro jiahao jianguo jihoon jihye jimin jindřich jinghua jinwoo jiro jisoo jitka jiwoo
  jiyeon joana joanie joao joaquim joaquín jocelyn jodie joko jolanda jolanta joni joohyun joon jordi jorunn
  josefa josep josiah josiane josie jouni joyce jozef jozsef joão judit judson jukka juliana junho junichi
  junjie junko jurre jussara justyna jyoti jyrki jérémie jérôme józsef jörgen jörn jørgen jānis kaan kagiso
  kailash kaisa kaitlyn kajal kalliopi kalpana kamal kamala kamau kamila kamlesh kanako kaoru kapil karel
  kari karima karoly kartik kasey kashif katalin katariina katelyn katerina katsuhiro kaushik kavya kazuhiro
  kazuki kazuko kazuo kazuya kehinde keita kenichi kenny kenta kerry kersten khaled khalil khanh khoa kieran
  kieu kimberley kimberly kinga kirill kirsi kirsti kirsty kishore kiyoshi kjell klára knut koen koichi
  komal konstantina konstantinos koray kostas kristi kristoffer krisztina krisztián krystian kseniya kuldeep
  kumar kumiko kunio kurtis květa kyoko kyriaki kyriakos kyung károly käthe kåre kübra lacey ladislav laila
  lajos lalit lamberto lambros lamia larisa lasse lata latasha latifa latoya laurence laurentiu laurențiu
  laverne lavinia leandro leanne leena lefteris leland lenka lennart lenora leonid leonor leopold lerato
  lester lesya leszek letizia letícia levan levent leyla libor libuše lidiya liesbeth lieselotte lihua
  lijuan lila liliana lilla lillie lina linnea linnéa lionel liudmyla liviu lizzie ljiljana loic lonnie
  loredana lorna lotfi lotte lottie lourenço lowell loïc lubomir lubomír lubos lubov luboš lucian lucien
  luciene lucienne lucille lucyna ludmila ludovic luisella luiza luminita luminița luther luís lyle lyubov
  lyudmila léa lüder maarten maartje mabel macarena mackenzie madalina maddalena maddison madeleine madeline
  maelle magali magnus maher mahesh mahmud mahsa maike maisie majid makis makoto maksim maksym malachi malak
  malika mallory malte mamadou mamoru mandeep mandla mandy manish manisha manjit manolis manolo manon
  manpreet mansour marat marcella marcello marcie mareike marek maren margareta margery margriet marguerite
  marharyta mariama marian maribel maricel marieke marijke mariko marilene marios marisa marisol marissa
  marit marja marjolein marketa markku marko markéta marlies marlon marsha marty marwan maryam marzena
  masaaki masahiro masaki masami masashi masato mateja mathew mathilde matias matti matvey matías matěj maud
  maude mauro mavis maxim maxime maxine mayumi maëlle mckenzie mechthild meena meera megumi meiling merche
  merja mervat merve mervyn meryem mette micah michalis michiko mickael midori mieczysław mieke mihaela
  mihai mihail mihnea mihály mikko miklos miklós milada milica millicent miloslav miloš mindaugas minghua
  minho minji minjun minnie minoru minseo mirae miranda mirela mirella mirko miroslav miroslava miroslaw
  mirosław mirosława mitch mitsuko mitsuru miyuki mollie momoko morag morten moshe motoko mounia mounir
  mourad moussa muhammed mukesh murali mwangi mykhailo mykola myra myron myrtle myung márcia márcio mária
  márta márton mårten mélanie mónika mônica mădălina nabil nadeem nadege nadim nadiya nadège naděžda naima
  najib nandini nanna naoki naoko narayan narendra nasrin nataliia natalya nataša nathanial natsumi naveed
  naveen navjot nawal nebojša necla neeraj neeta nektarios nellie nelson nemanja nerea nettie neville nhung
  nicolae nicoleta nicoletta nicolette nidhi niek nienke nigella nikki niklas niko nikolaos nikolay
  nikoletta nilesh niran nisha nitin nizar njeri nnamdi noam noboru nobuko nobuyuki noemie nokuthula nomsa
  noreen noriko noura noémi noémie nthabiseng nuno nuray nuria nurten nurul núria oana oanh obinna octavian
  océane oddny oddvar odell odete odette odile olav oldrich oldřich oleh oleksii olena olha olli ollie olof
  omer onur orla ornella orsolya orville osama osamu osmar ostap osvaldo oswald otakar othman otieno ottar
  ottaviano ottavio ottmar ottó otávio oumar ousmane outi ovidiu owen paco padma paige pallavi panagiota
  panagiotis pankaj pantelis paqui paraschiva paraskevi parminder parvati parviz pascale pascual pasi
  patrizia patsy paulette pavla pavlo pavlos pavlína pawan pedrinho pekka pentti percival percy petr petre
  petri petro petros petunia philomene phoebe phuc pierluigi piero piers piet pieter pietro pinar pinelopi
  pirjo piroska piyush polina pontus poonam prabhakar prasad prashant pratik praveen preeti priyanka
  przemyslaw przemysław punit purnima pushpa putri pál päivi pär péter pınar qiang quan quincy quinton quyen
  quynh rabia rachid radek radha radim radmila radomír radoslaw radosław radovan raffaele raffaella rafik
  raghav ragnar ragnhild raimo raimundo rainer rajeev rajendra rajinder rajiv rakesh raluca ramesh ramsay
  ramzi randi raphaël rasha rashid rashmi rasmus ratna razvan reece reggie reginald reginaldo reijo reiko
  reiner reinier rekha remedios remi renan renato renu renzo reuben rhiannon rhys rianne ricard rickey
  rickie rie rigoberto riikka rina rishi risto ritu ritva rivka rizky rizwan roar robbie robyn rocio rocío
  roderick rodica rogério rohit romain rommel ronaldo ronja ronnie rosalind rosalyn rosana rosangela rosanna
  rosanne roscoe roshni rosie rossella rostislav roswitha rosângela rowan rowena roxana rozália ruben rubén
  rufus rui rukhsana rupali ruslana rutger ruud ryo ryota ryszard ryuichi régine réka rémi rüdiger răzvan
  růzena růžena sachiko sachin sadie safia saima sakari sakis salah saleem salim salima salvatrice salvo
  sami samia samira sammie sanda sandeep sander sandor sandro sangeeta sangmin sanjana sanna sanne santosh
  saori sari sarita saskia satish satu savita savvas sayaka sayed sayuri saïd sebastião seema segun seiji
  selena selim selin selma semyon seojun seoyeon seppo serena serhii serhiy serkan setsuko seung seungmin
  sevgi seydou shabana shadi shahid shane shanti sharad shari sharmila sharron shashi shaun shazia shelly
  sherif sherri sherwin shigeru shinichi shinji shiori shirin shivani shlomo shobha shota shruti shubham
  shufen shuichi shun shunsuke siavash sibel sidney siebe siegbert sieglinde sietske siglinde sigmar signe
  sigrun sigurd silas silvano silvio silviu simonetta simão sinikka sipho siriporn sirpa sissel siti siv
  sjoerd slawomir slobodan sneha snežana sofiane sofiya sofoklis sohail solene solène sonal songül sonny
  soojin soraya sorin sorina sotiria sotiris soyeon soňa spyridon spyros srinivas staffan stamatis
  stanislava stanislaw stanisław stavros stavroula stefania steinar stelios stepan stijn sture stéphane
  stéphanie subhash sudha sudhir sujata sukyung suman sumit sunhee sunita surinder surjit sushil susumu
  suthida svante sverre swantje swati swen sybil sylvain sylwia szabolcs szilvia szymon sándor sébastien
  sérgio séverine sönke sławomir tabitha tadashi taehyung taeko tahar tahir taina taiwo takahiro takako
  takao takeshi takis takuya tamar tamer tamiko tammy tanveer tapani tapio taras tarja tarun tasha tatiane
  tatsuo tatyana teemu tejas telma teodor teodora terence teresinha tereza terje tero terri tetsuo tetsuya
  thanasis thandeka thao thelma themba themis theo theodora theodoros thiago thibaud thibault thibaut thien
  thijs thorben thorsten thorvald thuong thérèse tiana tiberiu tibor tigran tilman timo timur tineke tiziana
  tiziano tjeerd toan todd tolga tommaso tomohiro tomomi tomás tomé tonya tora torben torbjorn torbjörn tord
  tore torgeir torill torstein toru toshiaki toshiko toshio traian tran traudl tricia trina trinh trisha
  trond trudy trung truong trygve tshepo tsubasa tsutomu tuan tudor tuija tunde tuomas turid tuula tuyen
  tuyet tymofiy tyrone tânia tímea tünde uday udo ulf ulla umberto umesh umut urho urszula urvashi usman uta
  uyen vaclav vadim vadym vaggelis valarie valdir valentin valentyna valeriu valery vandana vangelis varun
  vasilica vasiliki vasilis vassilis vasyl veit velma veniamin venkatesh verna vesa vesna viacheslav vicente
  vicki vicky vidar vidya vigdis viggo vijay vikas viktorie viktória ville vilmos vimal vinay vince vineet
  vinh vinícius violeta viorel viorica virág vishal vitaliy vitaly vito vitor vittoria vittorio vivek vivien
  vlad vladimír vladislav vlasta vlastimil vojtěch volkan volodymyr vyacheslav václav vânia väinö véronique
  vít vítor věra wael wafa wahyu waldemar walid waltraud wambui wanjiru waqas wei weiming wendell wenzel
  wessel wiebke wieslaw wiesław wiesława wietske wiktor wilbert wilbur wilda wilfred wilfredo willa willard
  willemijn wilma wilmer wim winifred winnie wladimir wojciech wolfram woodrow woojin wouter xanthi xavi
  xenia xiaohong xiaolin xiaoyan ximena xiuying xuan yaakov yacine yadira yahya yamileth yana yann yannick
  yannis yanti yaroslav yaroslava yasemin yash yasin yasser yassine yasuhiro yasuko yasuo yating yegor yeji
  yekaterina yelena yemi yen yeon yesenia yevgeny yevhen yiorgos yitzhak yngve yogesh yoichi yoona yoonhee
  yoshiaki yoshiko yoshio younes younghee youngho youngmin yousef yuhan yui yuichi yuji yuka yukari yukiko
  yukio yulia yuliya yumi yumiko yuri yuriy yusuke yutaka yuting yves yılmaz zacarias zachariah zachery
  zafar zahra zaki zane zanele zbigniew zbynek zbyněk zdenek zdeněk zdeňka zdzislaw zdzisław zeliha zeljko
  zhanna zhihao zhiwei ziad zinaida zineb zisis zixuan zoran zsolt zsuzsa zsuzsanna zubair zuzana zuzanna
  zélia álvaro árpád élodie íñigo ömer özlem ľubica łucja şerife štěpán šárka żaneta željko ștefan
`;
