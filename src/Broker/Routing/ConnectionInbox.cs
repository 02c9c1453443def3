using UdsBroker.Protocol;

namespace UdsBroker.Broker.Routing;

/// <summary>The inbox of one connection: the route of the subjects below <c>_INBOX.&lt;id&gt;.</c>, found by the identity.</summary>
/// <param name="Hash">Of the identity.</param>
/// <param name="Route">To the subscription that the connection has without asking; one for all its correspondents.</param>
internal readonly record struct ConnectionInbox(uint Hash, Route Route) : ITokenEntry
{
    /// <summary>The identity in a subject or pattern that has one.</summary>
    internal static ReadOnlySpan<byte> IdOf(ReadOnlySpan<byte> inboxSubject) =>
        inboxSubject[ReservedSubjects.Inbox.Length..(ReservedSubjects.InboxPrefixLength - 1)];

    public bool IsAt(ReadOnlySpan<byte> token) => token.SequenceEqual(IdOf(Route.Subscriptions[0].Pattern.Span));
}
