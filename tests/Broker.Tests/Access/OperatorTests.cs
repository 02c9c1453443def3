using System.Text;
using UdsBroker.Broker.Access;
using UdsBroker.Broker.Tests.Core;

namespace UdsBroker.Broker.Tests.Access;

/// <summary>Who may send which request to the broker itself, and that the explanation agrees with the decision.</summary>
public sealed class OperatorTests
{
    private readonly AccessPolicy _policy = new([], AccessDefault.Deny, ownerUid: 1000);

    [Theory]
    [InlineData(0u, true)]
    [InlineData(1000u, true)]
    [InlineData(1001u, false)]
    [InlineData(null, false)]
    public void Operators_are_root_and_the_brokers_own_user_as_the_kernel_reports_them(uint? uid, bool isOperator)
    {
        Assert.Equal(isOperator, _policy.IsOperator(uid));
        foreach (var order in new[] { "kick", "drain", "acl.explain", "stats.x", "" }) Assert.Equal(isOperator, _policy.MayAsk(Encoding.ASCII.GetBytes(order), uid));
        Assert.True(_policy.MayAsk("stats"u8, uid));
    }

    [Theory]
    [InlineData("_BROKER.stats", true)]
    [InlineData("_BROKER.kick", false)]
    [InlineData("_BROKER.acl.explain", false)]
    public void What_a_stranger_may_ask_is_explained_as_it_is_decided(string subject, bool isAllowed)
    {
        var stranger = AccessOfTest.Peer(1001);
        var json = Encoding.UTF8.GetBytes($$"""{"uid": 1001, "gids": [], "subject": "{{subject}}"}""");
        Assert.True(AccessQuestion.TryRead(json, _ => [], out var question, out _));

        Assert.Equal(isAllowed, _policy.For(stranger).Publish(Encoding.UTF8.GetBytes(subject)).IsAllowed);
        Assert.Contains(
            $$"""{"verb":"publish","allowed":{{(isAllowed ? "true" : "false")}},"because":"the subject is reserved"}""",
            Encoding.UTF8.GetString(AccessExplanation.Write(_policy, question!)),
            StringComparison.Ordinal);
    }
}
