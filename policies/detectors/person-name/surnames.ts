/**
 * Surnames that are among the commonest somewhere and are no ordinary word in the languages that logs are written in, in
 * small letters and without marks: they tell a person where the given name is one that nobody has listed.
 */
export const SURNAMES: ReadonlySet<string> = new Set(
  `abdi abdullah abebe abreu acharya acheampong acosta adams adebayo adeyemi adeleke afolabi agarwal aguilar aguirre ahmadi ahmed ahn
  akhtar akinyemi alvarado alvarez alves amoah amorim anderson andrade ansari appiah aquino araujo arora arslan asante aslan
  avila ayala aydin azevedo baez bajwa bakker balogun banerjee bangura baptista barbieri barbosa barros barrera bassi battaglia
  baumann becker belmonte benali bencic benitez bernardi bernasconi bertrand bhatt bhattacharya bianchi boateng
  bonnet borges botha boucher boutros braga brandt brito bruno brunner caballero cabral cabrera calderon camacho campos cardenas
  cardoso caruso carvalho castaneda castellanos castillo castro celik cerny cervantes chatterjee chaudhary chaudhry chavez chen
  cheung chiang chikwanha chinwe choi choudhury chowdhury chukwu cisneros clark coelho cohen collins colombo contreras cordero coronado
  correa correia coulibaly cruz cunha dang dasgupta davies davis delacroix delgado desai deshmukh dhillon diallo dias diaz
  diop djordjevic dlamini domingo dominguez donnelly dubois duarte dubey duong dupont durand dvorak edwards egger
  eriksen espinosa espinoza esposito estrada evans fabbri farah farias farouk fashola faure fernandes ferrari ferraro ferreira figueiredo
  figueroa fitzgerald flores fofana fonseca fontaine freitas fuentes fujita fujii galindo gallagher gao garcia
  gagnon garnier gauthier gebremariam gerber ghosh giordano girard giraud gomes gonzales gonzalez goswami greco guerra
  guerrero guevara gunawan gupta gutierrez guzman gyamfi haddad hadjiev halonen hamdi haidar harris hartono hasan hashemi hassan
  hegde herrera herrmann hidayat hoang hofer hoffmann hofmann horak horvat horvath hosseini hossain huang hughes huber hussain hussein huynh
  ibarra ibrahim iqbal ito iyer jackson jaiswal janda jansen janssen janssens jiang jimenez johnson jones joshi juarez
  juhasz kamara kannan kapoor karimi kariuki kaur kato keita kelly kenyatta khalil khan khatun khumalo kikuchi
  kiplagat kipchoge klimek kobayashi koch koffi kone konate kondo koroma kovac kovacs kowal kramer krishnan kruger kulkarni kumar
  kumari kurt kuznetsov kwon lacroix lakhani lambert lara laurent leclerc lefebvre lefevre legrand leroy lewis liang lim
  lindberg lindgren liu lombardi lopes lopez lozano lucas luo macdonald macedo machado mahlangu mahmoud maina
  makhani malik mancini mandal mansour marchetti mariani marino marques marquez martin martinez martini matos maurer mbeki
  mehta meier mejia melo mendes mendez mendoza menon mensah mercier merkel mhlongo miah michel miranda mishra mitchell
  mitra mohamed mohammadi mohammed mokoena molina monteiro montero montoya morales moreau moreira moreno moretti morgan morin moser
  mukherjee mulder mutua muller munoz murphy mwangi mwale naidoo naidu nair nakajima nam narayan nascimento natarajan navarro nayak ndiaye
  ndlovu neves ngo nguyen niang nieminen njoroge nkosi nkrumah noguera nowak novak novotny nunes nunez nwosu nyambura nyong ochoa
  odhiambo ogawa ogunleye okada okafor okeke okonkwo rivera costa fernandes okoro oliveira oliver omar omondi ondieki onyango orozco ortega ortiz osei oshea
  osorio ospina otieno ouattara ouedraogo owusu ozturk pacheco padilla paiva palma pandey papadakis parekh parra patel
  patil paulsen pedroso pellegrini peralta pereira perera perez perrin petrov pham phan pham phillips phiri picard piccoli pillai
  pineda pinheiro pinto pires popa popescu portillo prasad prieto pujari qureshi quintero raghavan rahimi rahman rajan
  ramaswamy ramirez ramos rao reddy regmi reid reis rejeb renaud restrepo reyes ribeiro ricci richter rinaldi rivas rizvi
  rizzo roberts robinson robles rocha rodrigues rodriguez rojas romano romero rosales rosario rossi rousseau roussel roux ruiz saad sahin
  sahu saito salas salazar saleh salinas salvador samaras sanchez sandhu santana santiago santoro santos saputra sasaki sato
  savic schafer schmid schmidt schmitt schmitz schneider scholz schreiber schroder schubert schultz schulz schulze schumacher schuster
  schwarz seidel serrano sesay setiawan shah shaikh sharma shen shetty shrestha siddiqui silva silveira simmons singh sinha sithole soares
  solis soto sousa souza srinivasan steyn stojanovic suarez subramanian suleiman sulaiman suryadi susanto svoboda szabo takeda tanaka 
  tang tavares taylor teixeira tembo tesfaye thakur thapa tiwari torres toth toure tran traore tremblay trinh truong tshabalala turner
  uddin urbina usman valdez valencia vargas varga vargova vasquez velasco velasquez venter verma vera verma vialli vidal vieira 
  villalobos villanueva virtanen vogel volkov wachira wagner walsh wambua wang wanjiku wanjiku watanabe weber wekesa werner wijaya wilson
  winkler wolff wong wu xu yadav yamada yamamoto yang yao yeo yilmaz yildirim yildiz yoon yoshida yu zamora zapata zeleny zhang zhao zheng
  zhou zhu ziegler zimmermann zuma`.split(/\s+/),
);
