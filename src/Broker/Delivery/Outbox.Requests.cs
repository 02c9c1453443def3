using UdsBroker.Broker.Requests;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Delivery;

/// <summary>
/// The requests among what this connection was given. They are entered with their admission, under the same lock, so that a connection that
/// ends has either refused a request or is known to have it.
/// </summary>
internal sealed partial class Outbox
{
    /// <summary>What the connection was asked and has not answered, as far as it is remembered.</summary>
    internal int OpenRequests => _requests.Count;

    /// <summary>The connection published to a subject in the inbox of another: if it was asked to, it has answered.</summary>
    internal void Answered(ReadOnlySpan<byte> subject)
    {
        if (_requests.Count == 0 || !ReservedSubjects.TryReadInbox(subject, out var asker)) return;
        var address = new ReplyAddress(asker, subject[ReservedSubjects.InboxPrefixLength..]);
        lock (_lock) _requests.Answer(address);
    }

    /// <summary>What the connection was asked and has not answered; from now on it is not remembered.</summary>
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
