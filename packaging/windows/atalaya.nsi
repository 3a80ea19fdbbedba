; The installer for Windows: for one person, without an administrator.
;
;   makensis -DVERSION=0.1.0 -DFROM=<folder of the programs> -DNOTICES_FILE=<licences of what others made>
;            -DROOT=<repository> -DOUT=<installer> atalaya.nsi
;
; What it may be told:      /S              without a window; WebView2 is not fetched then
;                           /CLI=1, =0      the command line is found by its name, or is not; else as the time before
;                           /UPDATE         started by the program itself: waits until that has ended, instead of refusing
;                           /P              only how far it is
;                           /R              starts the program afterwards
; The uninstaller:          /S, and /DATA=1: what the program keeps goes too
; Status: 0 done, 2 something could not be written, 3 the program runs.
Unicode true
Target amd64-unicode
SetCompressor /SOLID lzma
ManifestDPIAware true
ManifestSupportedOS all
RequestExecutionLevel user
; What cannot be written ends it, instead of being left as it was.
AllowSkipFiles off

!include MUI2.nsh
!include LogicLib.nsh
!include FileFunc.nsh
!include WinMessages.nsh
!include x64.nsh

!define NAME "Atalaya"
!define ID "org.atalaya.desk"
!define OWN "Software\${ID}"
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\${ID}"
!define NOTICES "Software\Classes\AppUserModelId\${ID}"
; What the program holds while its window is open (its one instance).
!define MUTEX "${ID}-sim"
; How long an update waits for it, in quarters of a second: the program gives the server four seconds to hear its goodbye.
!define PATIENCE 120
!define WEBVIEW "{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}"
!define WEBVIEW_FROM "https://go.microsoft.com/fwlink/p/?LinkId=2124703"

Name "${NAME}"
OutFile "${OUT}"
InstallDir "$LOCALAPPDATA\Programs\${NAME}"
InstallDirRegKey HKCU "${OWN}" "InstallDir"
VIProductVersion "${VERSION}.0"
VIAddVersionKey ProductName "${NAME}"
VIAddVersionKey FileDescription "${NAME}"
VIAddVersionKey FileVersion "${VERSION}"
VIAddVersionKey ProductVersion "${VERSION}"
VIAddVersionKey LegalCopyright "MIT OR Apache-2.0"

!define MUI_ICON "${ROOT}/icons/icon.ico"
!define MUI_UNICON "${ROOT}/icons/icon.ico"
!define MUI_ABORTWARNING
!define MUI_FINISHPAGE_RUN "$INSTDIR\atalaya.exe"
!define MUI_COMPONENTSPAGE_SMALLDESC
!define MUI_PAGE_CUSTOMFUNCTION_PRE NotWhenPassive
!insertmacro MUI_PAGE_DIRECTORY
!define MUI_PAGE_CUSTOMFUNCTION_PRE NotWhenPassive
!insertmacro MUI_PAGE_COMPONENTS
!insertmacro MUI_PAGE_INSTFILES
!define MUI_PAGE_CUSTOMFUNCTION_PRE NotWhenPassive
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_COMPONENTS
!insertmacro MUI_UNPAGE_INSTFILES
; The first is for a Windows in any other language.
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "Spanish"
!insertmacro MUI_LANGUAGE "PortugueseBR"
!include words.nsh
!include path.nsh

Var Passive
Var Update
Var Again

; --- Is it running? ---

; $0 is not "" while the window is open.
!macro IsOpen
  StrCpy $0 ""
  System::Call 'kernel32::OpenMutexW(i 0x100000, i 0, w "${MUTEX}") p.r1'
  ${If} $1 P<> 0
    System::Call 'kernel32::CloseHandle(p r1)'
    StrCpy $0 "window"
  ${EndIf}
!macroend

; $0 is not "" while a program's file is in use: the command line has no window.
!macro IsUsed FILE
  ${If} $0 == ""
  ${AndIf} ${FileExists} "$INSTDIR\${FILE}"
    ClearErrors
    FileOpen $1 "$INSTDIR\${FILE}" a
    ${If} ${Errors}
      StrCpy $0 "${FILE}"
    ${Else}
      FileClose $1
    ${EndIf}
    ClearErrors
  ${EndIf}
!macroend

!macro IsRunning
  !insertmacro IsOpen
  !insertmacro IsUsed "atalaya.exe"
  !insertmacro IsUsed "atalaya-cli.exe"
!macroend

; Goes on once nothing of it runs; else ends with 3. A macro, for an uninstaller has functions of its own.
!macro NotRunning
  ${If} $Update == 1
    StrCpy $2 0
    ${Do}
      !insertmacro IsRunning
      ${If} $0 == ""
      ${OrIf} $2 >= ${PATIENCE}
        ${Break}
      ${EndIf}
      Sleep 250
      IntOp $2 $2 + 1
    ${Loop}
  ${EndIf}
  ${Do}
    !insertmacro IsRunning
    ${If} $0 == ""
      ${Break}
    ${EndIf}
    ${If} ${Silent}
      SetErrorLevel 3
      Quit
    ${EndIf}
    ${If} $0 == "atalaya-cli.exe"
      StrCpy $3 $(CommandRuns)
    ${Else}
      StrCpy $3 $(WindowIsOpen)
    ${EndIf}
    ${If} ${Cmd} `MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$3" IDCANCEL`
      SetErrorLevel 3
      Quit
    ${EndIf}
  ${Loop}
!macroend

; --- What it was told ---

Function .onInit
  ${IfNot} ${RunningX64}
    MessageBox MB_OK|MB_ICONSTOP $(Needs64) /SD IDOK
    SetErrorLevel 2
    Quit
  ${EndIf}
  SetRegView 64
  ${GetParameters} $9
  ClearErrors
  ${GetOptions} $9 "/UPDATE" $0
  ${IfNot} ${Errors}
    StrCpy $Update 1
  ${EndIf}
  ClearErrors
  ${GetOptions} $9 "/P" $0
  ${IfNot} ${Errors}
    StrCpy $Passive 1
  ${EndIf}
  ClearErrors
  ${GetOptions} $9 "/R" $0
  ${IfNot} ${Errors}
    StrCpy $Again 1
  ${EndIf}
  ; By its name or not: as it is told, else as the time before.
  ClearErrors
  ${GetOptions} $9 "/CLI=" $0
  ${If} ${Errors}
    ReadRegDWORD $0 HKCU "${OWN}" "OnPath"
  ${EndIf}
  ClearErrors
  Call SetOnPath
  ${If} $Passive == 1
    SetAutoClose true
  ${EndIf}
FunctionEnd

Function NotWhenPassive
  ${If} $Passive == 1
    Abort
  ${EndIf}
FunctionEnd

; --- WebView2, with which the window is shown ---

; "1" in $0 where it is there, for the computer or for this person.
Function HasWebView
  StrCpy $0 ""
  SetRegView 32
  ReadRegStr $1 HKLM "SOFTWARE\Microsoft\EdgeUpdate\Clients\${WEBVIEW}" "pv"
  SetRegView 64
  ${If} $1 == ""
  ${OrIf} $1 == "0.0.0.0"
    ReadRegStr $1 HKCU "Software\Microsoft\EdgeUpdate\Clients\${WEBVIEW}" "pv"
  ${EndIf}
  ${If} $1 != ""
  ${AndIf} $1 != "0.0.0.0"
    StrCpy $0 1
  ${EndIf}
  ClearErrors
FunctionEnd

; Offered; where it is refused or cannot be fetched, the program says so itself when it is started.
; An update asks nothing.
Function OfferWebView
  ${If} $Update == 1
    Return
  ${EndIf}
  Call HasWebView
  ${If} $0 == 1
  ${OrIf} ${Cmd} `MessageBox MB_YESNO|MB_ICONQUESTION $(WebViewOffered) /SD IDNO IDNO`
    Return
  ${EndIf}
  DetailPrint "$(WebViewFetched)"
  InitPluginsDir
  System::Call 'urlmon::URLDownloadToFileW(p 0, w "${WEBVIEW_FROM}", w "$PLUGINSDIR\webview2.exe", i 0, p 0) i.r0'
  ${If} $0 == 0
    ExecWait '"$PLUGINSDIR\webview2.exe" /silent /install' $0
  ${EndIf}
  Call HasWebView
  ${If} $0 != 1
    MessageBox MB_OK|MB_ICONEXCLAMATION $(WebViewFailed)
  ${EndIf}
FunctionEnd

; --- Installing ---

Section "-programs"
  SetRegView 64
  !insertmacro NotRunning
  ClearErrors
  SetOutPath $INSTDIR
  File "${FROM}/atalaya.exe"
  File "${FROM}/atalaya-cli.exe"
  File "${FROM}/WebView2Loader.dll"
  File "/oname=atalaya.png" "${ROOT}/icons/128x128.png"
  File "${ROOT}/LICENSE-MIT"
  File "${ROOT}/LICENSE-APACHE"
  File "/oname=third-party.txt" "${NOTICES_FILE}"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  ${If} ${Errors}
    MessageBox MB_OK|MB_ICONSTOP $(NotWritten) /SD IDOK
    SetErrorLevel 2
    Quit
  ${EndIf}
  CreateShortcut "$SMPROGRAMS\${NAME}.lnk" "$INSTDIR\atalaya.exe"
  ; Windows shows notices only of names it knows.
  WriteRegStr HKCU "${NOTICES}" "DisplayName" "${NAME}"
  WriteRegStr HKCU "${NOTICES}" "IconUri" "$INSTDIR\atalaya.png"
  WriteRegStr HKCU "${OWN}" "InstallDir" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "${NAME}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "Publisher" "The Atalaya authors"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\atalaya.exe"
  WriteRegStr HKCU "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
  SectionGetSize 0 $0
  WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" $0
SectionEnd

Section /o "$(ByItsName)" SECTION_PATH
SectionEnd

Section "-afterwards"
  ${If} ${SectionIsSelected} ${SECTION_PATH}
    WriteRegDWORD HKCU "${OWN}" "OnPath" 1
    !insertmacro AddToPath
  ${Else}
    WriteRegDWORD HKCU "${OWN}" "OnPath" 0
    !insertmacro TakeFromPath
  ${EndIf}
  Call OfferWebView
SectionEnd

Function SetOnPath
  ${If} $0 == 1
    !insertmacro SelectSection ${SECTION_PATH}
  ${EndIf}
FunctionEnd

Function .onInstSuccess
  ${If} $Again == 1
    Exec '"$INSTDIR\atalaya.exe"'
  ${EndIf}
FunctionEnd

!insertmacro MUI_FUNCTION_DESCRIPTION_BEGIN
  !insertmacro MUI_DESCRIPTION_TEXT ${SECTION_PATH} $(ByItsNameLong)
!insertmacro MUI_FUNCTION_DESCRIPTION_END

; --- Uninstalling ---

Function un.onInit
  SetRegView 64
  ${GetParameters} $9
  ClearErrors
  ${GetOptions} $9 "/DATA=" $0
  ${If} ${Errors}
    StrCpy $0 0
  ${EndIf}
  ClearErrors
  Call un.SetData
FunctionEnd

Section "-un.programs"
  !insertmacro NotRunning
  !insertmacro TakeFromPath
  Delete "$INSTDIR\atalaya.exe"
  Delete "$INSTDIR\atalaya-cli.exe"
  Delete "$INSTDIR\WebView2Loader.dll"
  Delete "$INSTDIR\atalaya.png"
  Delete "$INSTDIR\LICENSE-MIT"
  Delete "$INSTDIR\LICENSE-APACHE"
  Delete "$INSTDIR\third-party.txt"
  Delete "$INSTDIR\uninstall.exe"
  ; Nobody may stand in a folder that goes.
  SetOutPath $TEMP
  ; Only where it is empty: somebody may have chosen a folder with more in it.
  RMDir "$INSTDIR"
  RMDir "$LOCALAPPDATA\Programs"
  Delete "$SMPROGRAMS\${NAME}.lnk"
  DeleteRegKey HKCU "${NOTICES}"
  DeleteRegKey HKCU "${UNINSTALL}"
  DeleteRegKey HKCU "${OWN}"
  ; What WebView2 kept to be quicker: nothing of the person's is in it.
  RMDir /r "$LOCALAPPDATA\${ID}"
SectionEnd

Section /o "un.$(Data)" SECTION_DATA
  RMDir /r "$APPDATA\atalaya"
  RMDir /r "$LOCALAPPDATA\atalaya"
SectionEnd

Function un.SetData
  ${If} $0 == 1
    !insertmacro SelectSection ${SECTION_DATA}
  ${EndIf}
FunctionEnd

!insertmacro MUI_UNFUNCTION_DESCRIPTION_BEGIN
  !insertmacro MUI_DESCRIPTION_TEXT ${SECTION_DATA} $(DataLong)
!insertmacro MUI_UNFUNCTION_DESCRIPTION_END
