namespace UdsBroker.Protocol;

/// <summary>
/// Why a frame that the scanner accepted is not a valid command: either a protocol violation, which ends the connection, or a refusal that
/// is answered by an ERROR.
/// </summary>
/// <param name="IsViolation">True: the connection ends with <see cref="CloseReason.Violation"/>. False: answer with an ERROR.</param>
/// <param name="Code">The code of the ERROR; <see cref="ErrorCode.None"/> for a violation.</param>
/// <param name="Message">One sentence for the ERROR or the GOODBYE.</param>
/// <param name="Sid">The subscription that the refused command is about, for the context of the ERROR.</param>
public readonly record struct CommandFault(bool IsViolation, ErrorCode Code, string Message, uint? Sid = null);
