using UdsBroker.Protocol;

namespace UdsBroker.Client;

/// <summary>A request that waits for answers. Its methods never run user code.</summary>
internal interface IPendingRequest
{
    /// <summary>
    /// Whether the first event (an answer, a refusal, a loss or a timeout) ends it. Only the thread that removes it from
    /// <see cref="PendingRequests"/> may then report the event.
    /// </summary>
    bool IsOnce { get; }

    /// <summary>On the reading thread: an answer came, as a frame in a receive buffer.</summary>
    void OnAnswer(ReceiveBuffer buffer, int offset, int length, Guid sender);

    /// <summary>On the reading thread: the broker says that no answer will come.</summary>
    void OnRefused(ErrorCommand error);

    /// <summary>On any thread: no answer can come, because the connection or the client has ended.</summary>
    void OnLost(Exception error);

    /// <summary>On any thread: it timed out.</summary>
    void OnExpired();
}
