; This person's PATH, in which the command line's folder stands or does not.
;
; Text of NSIS is cut off after a thousand letters, and a PATH may be longer: it is read, changed and written in memory of our own.
!define ENVIRONMENT "Environment"
; Bytes: as long as Windows lets it be, 32,767 letters, and room for one folder more.
!define PATH_BYTES 70000
!define REG_EXPAND_SZ 2
!define KEY_READ_WRITE 0x2001F

; $0 the key, $1 the text, $2 its kind; $7 is 0 where both are there. A PATH that is not there yet is an empty one.
!macro OpenPath
  System::Alloc ${PATH_BYTES}
  Pop $1
  StrCpy $2 ${REG_EXPAND_SZ}
  System::Call 'advapi32::RegOpenKeyExW(p 0x80000001, w "${ENVIRONMENT}", i 0, i ${KEY_READ_WRITE}, *p .r0) i.r7'
  ${If} $7 == 0
    ; Two bytes stay free, for text in the registry need not end.
    IntOp $3 ${PATH_BYTES} - 4096
    System::Call 'advapi32::RegQueryValueExW(p r0, w "Path", p 0, *i r2 .r2, p r1, *i r3 .r3) i.r7'
    ${If} $7 == 2
      StrCpy $2 ${REG_EXPAND_SZ}
      StrCpy $7 0
    ${EndIf}
  ${EndIf}
!macroend

!macro WritePath
  System::Call 'kernel32::lstrlenW(p r1) i.r3'
  IntOp $3 $3 + 1
  IntOp $3 $3 * 2
  System::Call 'advapi32::RegSetValueExW(p r0, w "Path", i 0, i r2, p r1, i r3) i.r7'
  SendMessage ${HWND_BROADCAST} ${WM_SETTINGCHANGE} 0 "STR:Environment" /TIMEOUT=2000
!macroend

!macro ClosePath
  System::Call 'advapi32::RegCloseKey(p r0)'
  System::Free $1
!macroend

; $6 is where the folder stands among the others, $8 where it ends, $3 what comes after it; $6 is 0 where it does not stand
; there. A folder that only begins so is not it.
!macro FindInPath
  StrCpy $5 "$INSTDIR"
  StrLen $4 $5
  StrCpy $6 $1
  ${Do}
    System::Call 'shlwapi::StrStrIW(p r6, w r5) p.r6'
    ${If} $6 P= 0
      ${Break}
    ${EndIf}
    IntOp $8 $4 * 2
    IntPtrOp $8 $8 + $6
    System::Call '*$8(&i2 .r3)'
    ${If} $3 = 0
    ${OrIf} $3 = 59
      ${Break}
    ${EndIf}
    IntPtrOp $6 $6 + 2
  ${Loop}
!macroend

!macro AddToPath
  !insertmacro OpenPath
  ${If} $7 == 0
    !insertmacro FindInPath
    ${If} $6 P= 0
      System::Call 'kernel32::lstrlenW(p r1) i.r3'
      ${If} $3 > 0
        System::Call 'kernel32::lstrcatW(p r1, w ";")'
      ${EndIf}
      System::Call 'kernel32::lstrcatW(p r1, w r5)'
      !insertmacro WritePath
    ${EndIf}
  ${EndIf}
  !insertmacro ClosePath
!macroend

; The folder with the semicolon before it, or after it where it is the first.
!macro TakeFromPath
  !insertmacro OpenPath
  ${If} $7 == 0
    !insertmacro FindInPath
    ${If} $6 P<> 0
      ${If} $6 P<> $1
        IntPtrOp $6 $6 - 2
      ${ElseIf} $3 = 59
        IntPtrOp $8 $8 + 2
      ${EndIf}
      System::Call 'kernel32::lstrlenW(p r8) i.r3'
      IntOp $3 $3 + 1
      IntOp $3 $3 * 2
      System::Call 'kernel32::RtlMoveMemory(p r6, p r8, p r3)'
      !insertmacro WritePath
    ${EndIf}
  ${EndIf}
  !insertmacro ClosePath
!macroend
