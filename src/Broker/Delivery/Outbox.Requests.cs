using UdsBroker.Broker.Requests;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Delivery;

/// <summary>
/// Tracks the requests that this connection was given. They are entered when they are admitted, under the same lock, so that an ending
/// connection has either refused a request or is known to have it.
/// </summary>
internal sealed partial class Outbox
{
    /// <summary>The number of requests that the connection has not answered and that are remembered.</summary>
    internal int OpenRequests => _requests.Count;

    /// <summary>
    /// The connection published to a subject in another connection's inbox: if that is a reply subject of a request, it has answered.
    /// </summary>
    internal void Answered(ReadOnlySpan<byte> subject)
    {
        if (_requests.Count == 0 || !ReservedSubjects.TryReadInbox(subject, out var asker)) return;
        var address = new ReplyAddress(asker, subject[ReservedSubjects.InboxPrefixLength..]);
        lock (_lock) _requests.Answer(address);
    }

    /// <summary>Removes and returns the requests that the connection has not answered.</summary>
    internal List<(ReplyAddress Address, RequestMark Mark)> TakeRequests()
    {
        lock (_lock) return _requests.TakeAll();
    }

    private void Remember(in Run run, RequestMark mark)
    {
        foreach (ReplyAddress address in RequestsOf(run)) _requests.Add(address, mark);
    }

    private RequestEnumerator RequestsOf(in Run run) => new(run, limits.Wire);
}
