using UdsBroker.Protocol;

namespace UdsBroker.Client;

/// <summary>Whoever waits for answers to a request. User code never runs inside these.</summary>
internal interface IPendingRequest
{
    /// <summary>Whether the first word about it ends it: whoever takes it out of the <see cref="PendingRequests"/> is the one who may say that word.</summary>
    bool IsOnce { get; }

    /// <summary>On the reading thread: an answer came, as a frame in a receive buffer.</summary>
    void OnAnswer(ReceiveBuffer buffer, int offset, int length, Guid sender);

    /// <summary>On the reading thread: the broker says that no answer will come.</summary>
    void OnRefused(ErrorCommand error);

    /// <summary>On any thread: no answer can come, because the connection or the client has ended.</summary>
    void OnLost(Exception error);

    /// <summary>On any thread: its time is up.</summary>
    void OnExpired();
}
