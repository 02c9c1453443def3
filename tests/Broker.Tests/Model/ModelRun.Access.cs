using UdsBroker.Broker.Access;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Model;

/// <summary>
/// Access rules that change while messages flow: one subject is open to all publishers, or closed. A publisher goes by the rules as they were when the broker
/// began to read what it has received; where they change meanwhile, from the next message on that is retained it goes by the new ones.
/// </summary>
internal sealed partial class ModelRun
{
    private const string Guarded = "c";

    private static readonly AccessPolicy Open = AccessOfTest.Policy("", "allow");
    private static readonly AccessPolicy Closed = AccessOfTest.Policy($"{{ deny = publish, uid = 0, subjects = \"{Guarded}\" }}", "allow");

    private readonly AccessTable _access = new(Open, new DenialsOfTest());
    private RuleChange _turn;

    private enum RuleChange
    {
        /// <summary>The rules do not change within the buffer that is being read.</summary>
        None,

        /// <summary>They will change within it, at its first message with a deadline.</summary>
        Ahead,

        /// <summary>They have changed within it, and no message was checked since.</summary>
        Unseen,
    }

    private bool IsClosed => _access.Current == Closed;

    private void ChangeRules() => _access.Current = IsClosed ? Open : Closed;

    private void ChangeRulesAtNextDeadline() => _broker.Clock.DeadlineAsked = () =>
    {
        _broker.Clock.DeadlineAsked = null;
        ChangeRules();
        _turn = RuleChange.Ahead;
    };

    // Asked about each message that is read, in order.
    private bool Refuses(ModelMessage message)
    {
        if (IsRefusedByNow(message)) return true;
        if (_turn == RuleChange.Ahead && message.Header is KnownHeaders.Expires or KnownHeaders.Delay) _turn = RuleChange.Unseen;
        if (_turn != RuleChange.Unseen || message.Header != KnownHeaders.Retain) return false;
        _turn = RuleChange.None;
        return IsRefusedByNow(message);
    }

    private bool IsRefusedByNow(ModelMessage message) => message.Subject == Guarded && IsClosed == (_turn == RuleChange.None);

    // Each message that is denied is told with its reply subject, and no other is.
    private static void CheckDenied(ModelClient client)
    {
        var told = client.Received.Errors.Where(e => e.Code == ErrorCode.NotAllowed).Select(e => e.Context!.GetValueOrDefault("reply", "")).ToList();
        var denied = client.Routed.Where(m => m.IsDenied).Select(m => m.Reply).ToList();
        if (!client.IsActive) return;
        Assert.Equal(denied.Where(reply => reply.Length > 0).Order(), told.Where(reply => reply.Length > 0).Order());
        Assert.True(!denied.Contains("") || told.Contains(""), $"{client} was not told what it may not publish");
    }
}
