namespace UdsBroker.Protocol;

/// <summary>
/// Why a frame that the scanner let pass is no command: either the peer broke the protocol and the connection ends, or one thing is refused
/// by an ERROR and the connection lives.
/// </summary>
/// <param name="IsViolation">True: the connection ends with <see cref="CloseReason.Violation"/>. False: answer with an ERROR.</param>
/// <param name="Code">The code of the ERROR; <see cref="ErrorCode.None"/> for a violation.</param>
/// <param name="Message">One sentence for the ERROR or the GOODBYE.</param>
/// <param name="Sid">The subscription that the refused command is about, for the context of the ERROR.</param>
public readonly record struct CommandFault(bool IsViolation, ErrorCode Code, string Message, uint? Sid = null);
