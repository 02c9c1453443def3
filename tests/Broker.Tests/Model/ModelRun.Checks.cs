using System.Text;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Model;

/// <summary>What has to be true of a run.</summary>
internal sealed partial class ModelRun
{
    private const int MostRounds = 2000;

    // What the broker should do with a message that it has just read.
    private void Take(ModelClient publisher, ModelMessage message)
    {
        publisher.Routed.Add(message);
        message.IsRefused = message.IsDenied = Refuses(message);
        if (!message.IsRefused) Take(message);
    }

    // One that is denied is counted as published, and nobody is there to be told.
    private void TakeWill(ModelClient client, ModelMessage will)
    {
        client.Routed.Add(will);
        will.IsDenied = IsClosed && will.Subject == Guarded && will.Header != KnownHeaders.Delay;
        if (!will.IsDenied) Take(will);
    }

    private void Take(ModelMessage message)
    {
        if (message.Header == KnownHeaders.Delay)
        {
            _delayed.Enqueue(message, (_broker.Clock.Milliseconds + message.Value, ++_lastPlace));
            return;
        }

        if (message.Header == KnownHeaders.Retain)
        {
            _retained.RemoveAll(other => other.Subject == message.Subject);
            _retained.Add(message);
        }

        Route(message);
    }

    private void Route(ModelMessage message)
    {
        var subject = Encoding.UTF8.GetBytes(message.Subject);
        if (message.IsRequest) _requests.Add(message);
        message.Reached = Reach.Nobody;
        foreach (var subscription in _clients.SelectMany(c => c.Subscriptions))
        {
            if (!subscription.IsOpen || !Reaches(subscription.Pattern, subject)) continue;
            message.Reached = subscription.Policy == OverflowPolicy.Disconnect ? Max(message.Reached, Reach.Perhaps) : Reach.Somebody;
            if (subscription.Queue is { } queue)
            {
                if (message.Queues.Add(queue)) _shares.Add((queue, message.Frame), 0);
                continue;
            }

            if (subscription.Policy != OverflowPolicy.Disconnect) message.GivenTo.Add(subscription);
            subscription.Expected.Add(message);
            if (subscription.IsCut) subscription.Perhaps++;
            if (subscription.Remaining is { } remaining && (subscription.Remaining = remaining - 1) == 0) subscription.IsOpen = false;
        }
    }

    private static Reach Max(Reach one, Reach other) => one > other ? one : other;

    private static bool Reaches(SubjectPattern pattern, byte[] subject) =>
        pattern.Matches(subject) && !(ReservedSubjects.IsInbox(subject) && pattern.Utf8.Span[0] is (byte)'>' or (byte)'*');

    // Every socket takes all, every credit is given, every stall is noticed: then everything has to come to rest.
    private void RunUntilQuiet()
    {
        foreach (var client in _clients) client.Connection.Socket.Room = long.MaxValue;
        foreach (var client in _clients.Where(c => c.IsActive)) client.Write(Frames.Ping(1), () => { });
        foreach (var client in _clients.Where(c => c.IsActive)) client.Send();
        for (var round = 0; _delayed.Count > 0 || _clients.Any(IsBusy); round++)
        {
            Advance(1000);
            Assert.True(round < MostRounds, $"never quiet: {string.Join(", ", _clients.Where(IsBusy))}");
            foreach (var client in _clients.Where(c => !c.IsDead))
            {
                client.Connection.Write();
                client.Connection.Resume();
                if (!client.IsActive) continue;
                client.Connection.StallTimer();
                client.Send();
                foreach (var subscription in client.Subscriptions.Where(s => s.Subscription.Backlog is not null).ToList()) Grant(client, subscription, 1000);
                client.Connection.HandleEnded();
            }
        }

        foreach (var client in _clients.Where(c => c.IsDraining)) Assert.True(client.Connection.IsDrained, $"{client} is not drained");
    }

    private static bool IsBusy(ModelClient client) => !client.IsDead
        && (client.Connection.BeginWrite() || client.Subscriptions.Any(s => s.Subscription.Backlog is not null)
            || (client.IsActive && (client.Connection.IsHeldBack || !client.Connection.HasReadAll)));

    // What is open is in the index, and nothing else; of a connection that drains, what was when it stopped reading.
    private void CheckIndex()
    {
        foreach (var client in _clients.Where(c => c.IsActive)) client.Connection.HandleEnded();
        foreach (var subscription in _clients.Where(c => c.IsActive).SelectMany(c => c.Subscriptions).Where(s => !s.IsCut))
            Assert.True(subscription.Subscription.IsRouted == subscription.IsOpen, $"{subscription} is {(subscription.IsOpen ? "not " : "")}in the index");
        Assert.Equal(_clients.Where(c => !c.IsDead).SelectMany(c => c.Subscriptions).Count(s => s.Subscription.IsRouted), _broker.Table.Current.Count);
    }

    private void Check()
    {
        CheckIndex();
        foreach (var client in _clients) client.Receive();
        foreach (var packet in _clients.SelectMany(c => c.Connection.Socket.Packets ?? [])) CheckPacket(packet);
        foreach (var client in _clients) CheckReceived(client);
        foreach (var ((queue, frame), count) in _shares) Assert.True(count <= 1, $"{count} members of {queue} got {ModelMessage.Describe(frame)}");
        CheckQueues();
        var expired = _clients.Where(c => c.IsActive).Aggregate(0ul, (sum, client) => sum + CheckReceipts(client));
        if (_clients.All(c => c.IsActive)) Assert.Equal(_clients.SelectMany(c => c.Subscriptions).Aggregate(0ul, (sum, s) => sum + s.Expired), expired);
        foreach (var client in _clients) client.Connection.Close();
        Assert.Equal((_retained.Count, 0), (_broker.Kept.Retained.Kept.Messages, _broker.Kept.Delayed.Waiting.Messages));
        _broker.Kept.Retained.Clear();
        Assert.Equal(0, _broker.Pool.Leased);
        Assert.Equal(0, _broker.Table.Current.Count);
    }

    // Each can be read alone.
    private void CheckPacket(byte[] packet)
    {
        Assert.InRange(packet.Length, 1, _broker.OutboxLimits.MaxPacket);
        Received.Parse(packet);
    }

    private void CheckReceived(ModelClient client)
    {
        var received = client.Received;
        var bySid = client.Subscriptions.ToDictionary(s => s.Sid);
        var lastOfSender = new Dictionary<(uint, Guid), int>();
        foreach (var delivery in received.Deliveries)
        {
            var subscription = bySid[delivery.Sid];
            if (delivery.IsEnd) subscription.OnEnd();
            else if (delivery.Missed > 0) subscription.OnMissed(delivery.Missed, delivery.Expired);
            else if (subscription.Queue is null) subscription.OnMessage(delivery.Sender, delivery.Frame, delivery.IsRetained);
            else TakeShare(subscription, delivery, lastOfSender);
        }

        Assert.DoesNotContain(
            received.Errors,
            e => e.Code is not (ErrorCode.UnknownSid or ErrorCode.NotOnCredit or ErrorCode.NotAllowed or ErrorCode.NoResponders or ErrorCode.GoneIdentity or ErrorCode.ResponderGone));
        Assert.Equal(FrameKind.Welcome, received.Kinds[0]);
        CheckUnreached(client);
        CheckDenied(client);
        if (client.IsDraining) Assert.Equal(FrameKind.Goodbye, received.Kinds[^1]);
        if (client.IsDead) return;
        foreach (var subscription in client.Subscriptions) Assert.True(subscription.HasEnded || !subscription.AwaitsEnd, $"{subscription} was not told its end");
        foreach (var subscription in client.Subscriptions.Where(s => s.Queue is null))
        {
            if (subscription.IsCut) subscription.RemoveNotReceived();
            Assert.True(subscription.IsComplete, $"{subscription} should have had {subscription.Expected.Count}");
        }
    }

    // Who asked nobody, or only those who are gone, is told so, once for each message, and nobody else is.
    private void CheckUnreached(ModelClient client)
    {
        var told = client.Received.Errors.Where(e => e.Code != ErrorCode.NotAllowed && e.Context!.ContainsKey("reply"))
            .ToLookup(e => (Subject: e.Context!["subject"], Reply: e.Context!["reply"]), e => e.Code);
        var asked = client.Routed.Where(m => m.Reply.Length > 0 && !m.IsDenied).ToLookup(m => (m.Subject, m.Reply));
        foreach (var codes in told)
        {
            var messages = asked[codes.Key].ToList();
            var gone = codes.Count(code => code == ErrorCode.ResponderGone);
            var mayBeGone = messages.Count(m => FindPossibleAnswer(m) is null);
            Assert.True(gone <= mayBeGone, $"{client} was told {gone} times that nobody is left: {string.Join("; ", messages.Select(FindPossibleAnswer))}");
            var nobody = ReservedSubjects.IsInbox(Encoding.UTF8.GetBytes(codes.Key.Subject)) ? ErrorCode.GoneIdentity : ErrorCode.NoResponders;
            Assert.All(codes, code => Assert.True(code == nobody || code == ErrorCode.ResponderGone));
            Assert.InRange(codes.Count() - gone, 0, messages.Count(m => m.Reached != Reach.Somebody));
        }

        if (!client.IsActive) return;
        foreach (var messages in asked)
            Assert.InRange(told[messages.Key].Count(), messages.Count(m => m.Reached == Reach.Nobody), messages.Count());
        if (_reusesReplies || _isForgetful) return;
        foreach (var message in client.Routed.Where(m => m.IsRequest && !m.IsDenied && m.Reached != Reach.Nobody && NobodyCanAnswer(m)))
            Assert.True(told.Contains((message.Subject, message.Reply)), $"{client} was not told that nobody is left to answer {ModelMessage.Describe(message.Frame)}");
    }

    // Null when none of those who were given it has answered, and none of them is there.
    private string? FindPossibleAnswer(ModelMessage request)
    {
        var what = ModelMessage.Describe(request.Frame);
        if (!request.IsRequest || request.Reached == Reach.Nobody) return $"{what} was given to nobody";
        if (request.AnsweredBy.Overlaps(request.GivenTo.Where(s => !s.IsUnsubscribed).Select(s => s.Client))) return $"{what} was answered";
        if (request.GivenTo.FirstOrDefault(s => !_clients[s.Client].HasGone && !s.IsUnsubscribed) is { } holder) return $"{holder} may still answer {what}";
        return _clients.FirstOrDefault(c => !c.HasGone && c.HasReceived(request)) is { } receiver ? $"{receiver} has {what}" : null;
    }

    // Of a queue group whoever was ever a member may have been given it.
    private bool NobodyCanAnswer(ModelMessage request)
    {
        var subject = Encoding.UTF8.GetBytes(request.Subject);
        var asked = _clients.Where(c => c.Subscriptions.Any(s => Reaches(s.Pattern, subject) && (s.Queue is null || request.Queues.Contains(s.Queue)))).ToList();
        return asked.All(c => c.HasGone && !request.AnsweredBy.Contains(c.Number));
    }

    private void TakeShare(ModelSubscription subscription, Arrival delivery, Dictionary<(uint, Guid), int> lastOfSender)
    {
        var message = _clients.Single(c => c.Connection.Id == delivery.Sender).FindRouted(delivery.Payload);
        Assert.True(message.Frame.AsSpan().SequenceEqual(delivery.Frame), $"{subscription} got other bytes");
        Assert.False(delivery.IsRetained);
        if (message.Header != KnownHeaders.Delay && !_broker.LeftBehind.Contains(delivery.Frame))
        {
            Assert.True(lastOfSender.GetValueOrDefault((subscription.Sid, delivery.Sender)) < message.Number, $"{subscription} got {message.Number} out of order");
            lastOfSender[(subscription.Sid, delivery.Sender)] = message.Number;
        }

        _shares[(subscription.Queue!, message.Frame)]++;
        subscription.OnShare();
    }

    private void CheckQueues()
    {
        foreach (var queue in _shares.Keys.Select(key => key.Queue).Distinct())
        {
            var members = _clients.SelectMany(c => c.Subscriptions).Where(s => s.Queue == queue).ToList();
            var assigned = (ulong)_shares.Keys.Count(key => key.Queue == queue);
            var accounted = members.Aggregate(0ul, (sum, member) => sum + member.ReceivedCount + member.Missed);
            if (members.Any(m => _clients[m.Client].IsDead)) Assert.True(accounted <= assigned);
            else Assert.True(accounted == assigned, $"queue {queue}: {assigned} messages, {accounted} received or missed");
        }
    }

    // Returns how many deliveries of its messages had expired.
    private ulong CheckReceipts(ModelClient client)
    {
        var last = client.Connection.Account.TakeReceipt();
        var receipts = client.Received.Pongs.Select(pong => pong.Receipt!.Value).Append(last).ToList();
        if (client.WillAccount is { } will) receipts.Add(will.TakeReceipt());
        var published = receipts.Aggregate(0ul, (sum, r) => sum + r.Published);
        var matched = receipts.Aggregate(0ul, (sum, r) => sum + r.Matched);
        var dropped = receipts.Aggregate(0ul, (sum, r) => sum + r.Dropped);

        Assert.Equal((ulong)client.Routed.Count(m => !m.IsRefused), published);
        var plain = _clients.SelectMany(c => c.Subscriptions).Sum(s => s.Expected.Skip(s.RetainedCount).Count(m => m.Sender == client.Connection.Id));
        var frames = client.Routed.Select(m => m.Frame).ToHashSet();
        var shared = _shares.Keys.Count(key => frames.Contains(key.Frame));
        Assert.InRange((long)matched, plain + shared - LostWithDeadClients(client), plain + shared);

        // What the kernel took, whole runs of those who died.
        var sent = _clients.SelectMany(c => c.Received.Deliveries.Take(c.Received.WholeDeliveries)).Count(d => d.Sender == client.Connection.Id && !d.IsRetained);
        Assert.Equal((ulong)sent, matched - dropped);
        return receipts.Aggregate(0ul, (sum, r) => sum + r.Expired);
    }

    // Of one that was cut off and died before it could be told, it is unknown from which of these messages on.
    private int LostWithDeadClients(ModelClient publisher) => _clients.Where(c => c.IsDead).SelectMany(c => c.Subscriptions)
        .Where(s => s.IsCut).Sum(s => s.Expected.Skip(Math.Max(s.RetainedCount, s.Expected.Count - s.Perhaps)).Count(m => m.Sender == publisher.Connection.Id));
}
