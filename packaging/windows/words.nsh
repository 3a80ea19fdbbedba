; What the installer says besides what NSIS says itself, in the window's three languages.
!macro Words NAME ENGLISH SPANISH PORTUGUESE
  LangString ${NAME} ${LANG_ENGLISH} "${ENGLISH}"
  LangString ${NAME} ${LANG_SPANISH} "${SPANISH}"
  LangString ${NAME} ${LANG_PORTUGUESEBR} "${PORTUGUESE}"
!macroend

!insertmacro Words WindowIsOpen \
  "Atalaya is open. Close it, then try again." \
  "Atalaya está abierto. Ciérrelo y reintente." \
  "O Atalaya está aberto. Feche-o e tente de novo."
!insertmacro Words CommandRuns \
  "atalaya-cli is running. End it, then try again." \
  "atalaya-cli se está ejecutando. Termínelo y reintente." \
  "O atalaya-cli está em execução. Encerre-o e tente de novo."
!insertmacro Words Needs64 \
  "Atalaya needs a 64-bit Windows." \
  "Atalaya necesita un Windows de 64 bits." \
  "O Atalaya precisa de um Windows de 64 bits."
!insertmacro Words NotWritten \
  "Atalaya could not be written to $INSTDIR. Check that there is room on the disk and that you may write there, then try again." \
  "No se pudo escribir Atalaya en $INSTDIR. Compruebe que haya lugar en el disco y que pueda escribir allí, y reintente." \
  "Não foi possível gravar o Atalaya em $INSTDIR. Verifique se há espaço no disco e se você pode gravar lá, e tente de novo."
!insertmacro Words WebViewOffered \
  "Microsoft Edge WebView2 is missing, with which Atalaya shows its window. Fetch it from Microsoft and install it now?" \
  "Falta Microsoft Edge WebView2, con el que Atalaya muestra su ventana. ¿Descargarlo de Microsoft e instalarlo ahora?" \
  "Falta o Microsoft Edge WebView2, com o qual o Atalaya mostra sua janela. Baixá-lo da Microsoft e instalá-lo agora?"
!insertmacro Words WebViewFetched \
  "Fetching Microsoft Edge WebView2" \
  "Descargando Microsoft Edge WebView2" \
  "Baixando o Microsoft Edge WebView2"
!insertmacro Words WebViewFailed \
  "Microsoft Edge WebView2 could not be installed. Install it from https://developer.microsoft.com/microsoft-edge/webview2 or ask whoever looks after this computer; without it Atalaya does not open." \
  "No se pudo instalar Microsoft Edge WebView2. Instálelo desde https://developer.microsoft.com/microsoft-edge/webview2 o pídaselo a quien administra este equipo; sin él Atalaya no se abre." \
  "Não foi possível instalar o Microsoft Edge WebView2. Instale-o em https://developer.microsoft.com/microsoft-edge/webview2 ou peça a quem administra este computador; sem ele o Atalaya não abre."
!insertmacro Words ByItsName \
  "atalaya-cli by its name" \
  "atalaya-cli por su nombre" \
  "atalaya-cli pelo nome"
!insertmacro Words ByItsNameLong \
  "Terminals find the command line by its name: its folder is added to your PATH." \
  "Las terminales encuentran la línea de comandos por su nombre: su carpeta se agrega a su PATH." \
  "Os terminais encontram a linha de comando pelo nome: sua pasta é adicionada ao seu PATH."
!insertmacro Words Data \
  "My settings, reviews and history" \
  "Mi configuración, evaluaciones e historial" \
  "Minhas configurações, avaliações e histórico"
!insertmacro Words DataLong \
  "Removes what Atalaya keeps on this computer too: settings, profiles, reviews, marks, history, recordings and logs. There is no way back. Left as it is, the next installation finds it again." \
  "Quita también lo que Atalaya guarda en este equipo: configuración, perfiles, evaluaciones, marcas, historial, grabaciones y registros. No se puede deshacer. Si no, la próxima instalación lo encuentra." \
  "Remove também o que o Atalaya guarda neste computador: configurações, perfis, avaliações, marcas, histórico, gravações e registros. Não há como desfazer. Se não, a próxima instalação o encontra."
