; The Windows installer: for one user, without administrator, in Chinese and English.
; packaging/release/windows.py calls makensis with: -DVERSION=0.1.0 -DPAYLOAD=folder -DTARGET=file -DKIBIBYTES=n

Unicode true
!ifndef NSIS_WIN32_MAKENSIS
  Target amd64-unicode
!endif
SetCompressor /SOLID lzma
RequestExecutionLevel user
ManifestSupportedOS all
ManifestDPIAware true

!include MUI2.nsh
!include x64.nsh
!include WinVer.nsh
!include WordFunc.nsh
!include FileFunc.nsh

!define CLASSES "Software\Classes"
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\VillageDesk"

Name "$(Program)"
OutFile "${TARGET}"
InstallDir "$LOCALAPPDATA\Programs\VillageDesk"
InstallDirRegKey HKCU "${UNINSTALL}" "InstallLocation"
BrandingText "VillageDesk ${VERSION}"
VIProductVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "VillageDesk"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "FileDescription" "VillageDesk"
VIAddVersionKey "LegalCopyright" "GPL-3.0-or-later"

!define MUI_ICON "${PAYLOAD}\villagedesk.ico"
!define MUI_UNICON "${PAYLOAD}\villagedesk.ico"
!define MUI_FINISHPAGE_RUN "$INSTDIR\pythonw.exe"
!define MUI_FINISHPAGE_RUN_PARAMETERS "-m villagedesk"
!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_LICENSE "${PAYLOAD}\LICENSE.txt"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "SimpChinese"
!insertmacro MUI_LANGUAGE "English"

LangString Program ${LANG_SIMPCHINESE} "驻村工作台"
LangString Program ${LANG_ENGLISH} "VillageDesk"
LangString TooOld ${LANG_SIMPCHINESE} "需要 64 位的 Windows 10 或 Windows 11。这台电脑未作任何改动。"
LangString TooOld ${LANG_ENGLISH} "Windows 10 or 11, 64 bit, is needed. Nothing was changed on this computer."
LangString Newer ${LANG_SIMPCHINESE} "这台电脑已装有更新的版本 $0,安装盘上是 ${VERSION}。请使用更新的安装盘,旧版本可能打不开新台账。未作任何改动。"
LangString Newer ${LANG_ENGLISH} "This computer already has the newer version $0; the stick holds ${VERSION}. Use a newer stick: an older program may not open a newer desk. Nothing was changed."
LangString Running ${LANG_SIMPCHINESE} "驻村工作台正在运行。请先关闭它,再点“重试”。"
LangString Running ${LANG_ENGLISH} "VillageDesk is running. Close it, then choose Retry."
LangString SendFile ${LANG_SIMPCHINESE} "驻村工作台文件"
LangString SendFile ${LANG_ENGLISH} "VillageDesk file"
LangString Manual ${LANG_SIMPCHINESE} "台账在您自己选择的文件夹里,卸载不会删除台账。"
LangString Manual ${LANG_ENGLISH} "Desks lie in folders of your own choice; removing the program does not remove them."

Function .onInit
  ${IfNot} ${RunningX64}
  ${OrIfNot} ${AtLeastWin10}
    MessageBox MB_OK|MB_ICONSTOP "$(TooOld)" /SD IDOK
    SetErrorLevel 4
    Quit
  ${EndIf}
  ReadRegStr $0 HKCU "${UNINSTALL}" "DisplayVersion"
  ${If} $0 != ""
    ${VersionCompare} "$0" "${VERSION}" $1
    ${If} $1 = 1
      MessageBox MB_OK|MB_ICONSTOP "$(Newer)" /SD IDOK
      SetErrorLevel 1
      Quit
    ${EndIf}
  ${EndIf}
FunctionEnd

; A file that is being run cannot be opened for writing.
!macro WaitUntilClosed UN
  Function ${UN}WaitUntilClosed
    again:
    IfFileExists "$INSTDIR\pythonw.exe" 0 free
    ClearErrors
    FileOpen $1 "$INSTDIR\pythonw.exe" a
    IfErrors 0 close
    MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(Running)" /SD IDCANCEL IDRETRY again
    SetErrorLevel 4
    Quit
    close:
    FileClose $1
    free:
  FunctionEnd
!macroend
!insertmacro WaitUntilClosed ""
!insertmacro WaitUntilClosed "un."

; Only what the installer brought; whatever else somebody put into the folder stays.
!macro RemoveProgram
  RMDir /r "$INSTDIR\Lib"
  Delete "$INSTDIR\*.dll"
  Delete "$INSTDIR\*.pyd"
  Delete "$INSTDIR\python*.exe"
  Delete "$INSTDIR\python*.zip"
  Delete "$INSTDIR\python*._pth"
  Delete "$INSTDIR\python.cat"
  Delete "$INSTDIR\LICENSE.txt"
  Delete "$INSTDIR\villagedesk.ico"
  Delete "$INSTDIR\villagedesk.cmd"
!macroend

!macro FileType EXTENSION
  WriteRegStr HKCU "${CLASSES}\.${EXTENSION}" "" "VillageDesk.${EXTENSION}"
  WriteRegStr HKCU "${CLASSES}\VillageDesk.${EXTENSION}" "" "$(SendFile)"
  WriteRegStr HKCU "${CLASSES}\VillageDesk.${EXTENSION}\DefaultIcon" "" "$INSTDIR\villagedesk.ico"
  WriteRegStr HKCU "${CLASSES}\VillageDesk.${EXTENSION}\shell\open\command" "" '"$INSTDIR\pythonw.exe" -m villagedesk "%1"'
!macroend

!macro ForgetFileType EXTENSION
  DeleteRegKey HKCU "${CLASSES}\VillageDesk.${EXTENSION}"
  ReadRegStr $0 HKCU "${CLASSES}\.${EXTENSION}" ""
  ${If} $0 == "VillageDesk.${EXTENSION}"
    DeleteRegKey HKCU "${CLASSES}\.${EXTENSION}"
  ${EndIf}
!macroend

Section
  Call WaitUntilClosed
  !insertmacro RemoveProgram
  SetOutPath "$INSTDIR"
  File /r "${PAYLOAD}\*.*"
  SetOutPath "$PROFILE"
  CreateShortCut "$SMPROGRAMS\$(Program).lnk" "$INSTDIR\pythonw.exe" "-m villagedesk" "$INSTDIR\villagedesk.ico"
  CreateShortCut "$DESKTOP\$(Program).lnk" "$INSTDIR\pythonw.exe" "-m villagedesk" "$INSTDIR\villagedesk.ico"
  !insertmacro FileType "vdsend"
  !insertmacro FileType "vdreply"
  !insertmacro FileType "vdpeer"
  !insertmacro FileType "vdinvite"
  !insertmacro FileType "vdbackup"
  !insertmacro FileType "vdupdate"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "$(Program)"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\villagedesk.ico"
  WriteRegStr HKCU "${UNINSTALL}" "Publisher" "VillageDesk"
  WriteRegStr HKCU "${UNINSTALL}" "Comments" "$(Manual)"
  WriteRegStr HKCU "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" ${KIBIBYTES}
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
  ${RefreshShellIcons}
SectionEnd

Section Uninstall
  Call un.WaitUntilClosed
  !insertmacro RemoveProgram
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\驻村工作台.lnk"
  Delete "$SMPROGRAMS\VillageDesk.lnk"
  Delete "$DESKTOP\驻村工作台.lnk"
  Delete "$DESKTOP\VillageDesk.lnk"
  !insertmacro ForgetFileType "vdsend"
  !insertmacro ForgetFileType "vdreply"
  !insertmacro ForgetFileType "vdpeer"
  !insertmacro ForgetFileType "vdinvite"
  !insertmacro ForgetFileType "vdbackup"
  !insertmacro ForgetFileType "vdupdate"
  DeleteRegKey HKCU "${UNINSTALL}"
SectionEnd
