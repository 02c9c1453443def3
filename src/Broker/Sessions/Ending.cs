using UdsBroker.Protocol;

namespace UdsBroker.Broker.Sessions;

/// <summary>
/// Why a connection ends: the one reason that is recorded, and a sentence that says what happened and with which numbers.
/// </summary>
/// <param name="Reason">For programs and counters.</param>
/// <param name="Message">For people.</param>
internal sealed record Ending(CloseReason Reason, string Message);
