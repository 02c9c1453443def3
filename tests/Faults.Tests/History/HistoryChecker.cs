using System.Text;
using UdsBroker.Protocol;

namespace UdsBroker.Faults.Tests;

/// <summary>
/// Reads a history afterwards and describes what is wrong with it, by the promises P1 to P6. What could have been either way, because it happened
/// at the same time, is accepted either way; where the moments leave no choice the counts have to be exact.
/// </summary>
internal sealed class HistoryChecker
{
    private readonly IReadOnlyList<ConnectionHistory> _connections;
    private readonly List<string> _wrong = [];
    private readonly HashSet<SubscriptionHistory> _ofTheLost = [];

    private HistoryChecker(History history)
    {
        _connections = history.Connections;
        foreach (var connection in _connections.Where(c => c.IsLost)) _ofTheLost.UnionWith(connection.Subscriptions);
    }

    /// <summary>Everything that is wrong; empty when nothing is.</summary>
    internal static IReadOnlyList<string> Check(History history)
    {
        var checker = new HistoryChecker(history);
        foreach (var connection in checker._connections)
        {
            checker.CheckArrivals(connection);
            checker.CheckRequests(connection);
            checker.CheckErrors(connection);
        }

        checker.CheckGroups();
        checker.CheckReceipts();
        return checker._wrong;
    }

    // P1 to P4 for what came over one connection.
    private void CheckArrivals(ConnectionHistory receiver)
    {
        if (receiver.End == ConnectionEnd.Closed) Wrong($"{receiver} was closed by the broker");
        if (receiver.End == ConnectionEnd.SlowConsumer && receiver.Subscriptions.All(s => s.Policy != OverflowPolicy.Disconnect))
            Wrong($"{receiver} was closed as a slow consumer and had not asked for it");
        foreach (var arrivals in receiver.Arrivals.GroupBy(arrival => arrival.Sid))
        {
            var subscription = receiver.Subscriptions.SingleOrDefault(s => s.Sid == arrivals.Key);
            if (subscription is null && arrivals.Key != 0) Wrong($"{receiver} got something for {arrivals.Key}, which is no subscription");
            else CheckSubscription(receiver, subscription, [.. arrivals]);
        }

        foreach (var silent in receiver.Subscriptions.Where(s => receiver.Arrivals.TrueForAll(arrival => arrival.Sid != s.Sid))) CheckSubscription(receiver, silent, []);
    }

    private void CheckSubscription(ConnectionHistory receiver, SubscriptionHistory? subscription, List<Arrival> arrivals)
    {
        var last = new Dictionary<int, int>();
        var seen = new HashSet<(int, int)>();
        var (lost, missed, received) = (0L, 0L, 0L);
        foreach (var arrival in arrivals)
        {
            missed += (long)arrival.Missed;
            if (arrival.Missed > 0) continue;
            received++;
            var what = $"{receiver}, {subscription?.ToString() ?? "inbox"}: {arrival}";
            if (!seen.Add((arrival.Connection, arrival.Number))) Wrong($"{what} came twice");
            if (!IsAsSent(arrival, out var message))
            {
                Wrong($"{what} is not what was sent");
                continue;
            }

            if (!MayReach(message, receiver, subscription) && !MayBeHandedOn(message, subscription)) Wrong($"{what} should not have come");
            var before = last.GetValueOrDefault(arrival.Connection, -1);
            if (arrival.Number < before && !MayComeLate(subscription)) Wrong($"{what} came after {before}");
            if (subscription is { Queue: null })
            {
                lost += Due(subscription, arrival.Connection, before + 1, arrival.Number - 1, isLaterThere: true);
                if (lost > missed) Wrong($"{what} came after {lost} that did not come, and {missed} were told to be missed");
            }

            last[arrival.Connection] = Math.Max(before, arrival.Number);
        }

        if (subscription is not { Queue: null }) return;
        var possible = _connections.Sum(c => c.Sent.LongCount(m => MayReach(m, receiver, subscription)));
        if (received + missed > possible) Wrong($"{receiver}, {subscription}: {received} received and {missed} missed of {possible}");
        if (receiver.IsLost) return;
        lost += _connections.Sum(c => Due(subscription, c.Number, last.GetValueOrDefault(c.Number, -1) + 1, c.Sent.Count - 1, isLaterThere: false));
        if (lost > missed) Wrong($"{receiver}, {subscription}: {lost} did not come in the end, and {missed} were told to be missed");
    }

    // So many messages of these should have come: nothing leaves a choice. When a later one of the same publisher is there, the subscription had not ended.
    private long Due(SubscriptionHistory subscription, int publisher, int from, int to, bool isLaterThere)
    {
        var due = 0L;
        for (var i = from; i <= to; i++)
        {
            var message = _connections[publisher].Sent[i];
            if (isLaterThere ? message.Begun > subscription.Active && Matches(message, subscription) : MustReach(message, subscription)) due++;
        }

        return due;
    }

    private bool IsAsSent(Arrival arrival, out SentMessage message)
    {
        message = null!;
        if ((uint)arrival.Connection >= (uint)_connections.Count) return false;
        var publisher = _connections[arrival.Connection];
        if ((uint)arrival.Number >= (uint)publisher.Sent.Count) return false;
        message = publisher.Sent[arrival.Number];
        return publisher.Id == arrival.Sender && message.Hash == arrival.Hash && message.Subject == arrival.Subject;
    }

    private static bool MayReach(SentMessage message, ConnectionHistory receiver, SubscriptionHistory? subscription) => subscription is null
        ? message.Subject.StartsWith($"_INBOX.{receiver.Id}.", StringComparison.Ordinal)
        : message.Confirmed > subscription.Asked && message.Begun < subscription.Ended && Matches(message, subscription);

    private static bool MustReach(SentMessage message, SubscriptionHistory subscription) =>
        message.Begun > subscription.Active && message.Confirmed < subscription.EndAsked && Matches(message, subscription);

    private static bool Matches(SentMessage message, SubscriptionHistory subscription) => subscription.Parsed.Matches(Encoding.ASCII.GetBytes(message.Subject));

    // What waited for a member that left goes to another one, also to one that came when it waited already.
    private bool MayBeHandedOn(SentMessage message, SubscriptionHistory? subscription) => subscription is { Queue: { } queue }
        && message.Begun < subscription.Ended
        && Matches(message, subscription)
        && Members(queue).Any(other => other.Subscription != subscription && HasLeft(other.Subscription) && MayReach(message, other.Connection, other.Subscription));

    // It comes after what that one has had.
    private bool MayComeLate(SubscriptionHistory? subscription) =>
        subscription?.Queue is { } queue && Members(queue).Any(other => other.Subscription != subscription && HasLeft(other.Subscription));

    private bool HasLeft(SubscriptionHistory subscription) => subscription.EndAsked != long.MaxValue || _ofTheLost.Contains(subscription);

    private IEnumerable<(ConnectionHistory Connection, SubscriptionHistory Subscription)> Members(string queue) =>
        _connections.SelectMany(c => c.Subscriptions.Where(s => s.Queue == queue).Select(s => (c, s)));

    // P6. What nobody got is at most what was told: to the members, or, of those that left or died, to the publishers.
    private void CheckGroups()
    {
        foreach (var queue in _connections.SelectMany(c => c.Subscriptions).Select(s => s.Queue).OfType<string>().Distinct().ToList())
        {
            var members = Members(queue).ToList();
            var sids = members.Select(m => (m.Connection.Number, m.Subscription.Sid)).ToHashSet();
            var arrivals = _connections.SelectMany(c => c.Arrivals.Where(a => sids.Contains((c.Number, a.Sid)))).ToList();
            var got = new HashSet<(int, int)>();
            foreach (var arrival in arrivals.Where(a => a.Missed == 0))
            {
                if (!got.Add((arrival.Connection, arrival.Number))) Wrong($"two members of {queue} got {arrival}");
            }

            var missed = arrivals.Sum(a => (long)a.Missed);
            var possible = _connections.Sum(c => c.Sent.LongCount(m => members.Exists(member => MayReach(m, member.Connection, member.Subscription))));
            if (got.Count + missed > possible) Wrong($"{queue}: {got.Count} received and {missed} missed of {possible}");
            if (members.Exists(member => member.Connection.IsLost)) continue; // what was on its way into a socket that died is nobody's
            var lost = _connections.Sum(c => c.Sent.LongCount(
                m => !got.Contains((c.Number, m.Number)) && members.Exists(member => MustReach(m, member.Subscription))));
            var told = members.Exists(member => HasLeft(member.Subscription)) ? _connections.Sum(c => (long)c.Receipts.Dropped) : missed;
            if (lost > told) Wrong($"{queue}: {lost} came to nobody, and {told} were told");
        }
    }

    // P5: an answer, or one word that none will come; or the asker's time runs out, which takes that a request or its answer was dropped.
    private void CheckRequests(ConnectionHistory asker)
    {
        var answers = asker.Arrivals.Where(a => a.Sid == 0).CountBy(a => a.Subject).ToDictionary();
        var ends = asker.Errors.Where(e => e.Reply is not null).CountBy(e => e.Reply!).ToDictionary();
        var open = 0L;
        foreach (var request in asker.Sent.Where(m => m.Reply is not null))
        {
            var count = answers.GetValueOrDefault(request.Reply!) + ends.GetValueOrDefault(request.Reply!);
            if (count > 1) Wrong($"{asker}: request {request.Number} ended {count} times");
            if (count == 0) open++;
        }

        var dropped = _connections.Sum(c => (long)c.Receipts.Dropped);
        if (!asker.IsLost && open > dropped) Wrong($"{asker}: {open} requests never ended, and {dropped} messages were dropped");
    }

    private void CheckErrors(ConnectionHistory connection)
    {
        foreach (var (code, reply) in connection.Errors)
        {
            var isEnd = code is ErrorCode.NoResponders or ErrorCode.ResponderGone;
            if (isEnd ? !connection.Sent.Exists(m => m.Reply == reply) : code is not (ErrorCode.GoneIdentity or ErrorCode.UnknownSid))
                Wrong($"{connection} got {code} for {reply}");
        }
    }

    // P4, from the publishers' side: while nobody is lost, every delivery that they were told of has come, or was told to be dropped at both ends.
    private void CheckReceipts()
    {
        foreach (var connection in _connections.Where(c => !c.IsLost && c.Receipts.Published != (ulong)c.Sent.Count))
            Wrong($"{connection} sent {connection.Sent.Count}, and its receipts say {connection.Receipts}");
        if (_connections.Any(c => c.IsLost)) return;
        var receipts = _connections.Aggregate(default(Receipt), (sum, c) => sum + c.Receipts);
        var received = (ulong)_connections.Sum(c => c.Arrivals.LongCount(a => a.Missed == 0));
        var missed = (ulong)_connections.Sum(c => c.Arrivals.Sum(a => (long)a.Missed));
        if (receipts.Matched - receipts.Dropped != received) Wrong($"{received} received, and the receipts say {receipts}");
        var isHandedOn = _connections.SelectMany(c => c.Subscriptions).Any(s => s.Queue is not null && HasLeft(s));
        if (isHandedOn ? missed > receipts.Dropped : missed != receipts.Dropped) Wrong($"{missed} missed, and the receipts say {receipts}");
    }

    private void Wrong(string what) => _wrong.Add(what);
}
