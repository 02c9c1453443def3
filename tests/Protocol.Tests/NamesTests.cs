namespace UdsBroker.Protocol.Tests;

/// <summary>What stands for a number: texts of policies, sentences of faults; and that receipts add up.</summary>
public sealed class NamesTests
{
    [Fact]
    public void Every_policy_has_a_text_of_its_own()
    {
        foreach (OverflowPolicy policy in Enum.GetValues<OverflowPolicy>())
        {
            Assert.True(OverflowPolicies.TryParse(policy.ToText(), out OverflowPolicy again));
            Assert.Equal(policy, again);
        }

        Assert.Equal(Enum.GetValues<OverflowPolicy>().Length, OverflowPolicies.AllTexts.Distinct().Count());
        Assert.False(OverflowPolicies.TryParse("Block", out _));
        Assert.False(OverflowPolicies.TryParse(null, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => ((OverflowPolicy)9).ToText());
    }

    [Fact]
    public void Every_close_reason_has_a_word_of_its_own_and_an_unknown_one_its_number()
    {
        Assert.Equal(Enum.GetValues<CloseReason>().Where(reason => reason != CloseReason.None), CloseReasons.All);
        foreach (CloseReason reason in CloseReasons.All)
        {
            Assert.True(CloseReasons.TryParse(reason.ToText(), out CloseReason again));
            Assert.Equal(reason, again);
            Assert.Matches("^[a-z]+(-[a-z]+)*$", reason.ToText());
        }

        Assert.Equal("200", ((CloseReason)200).ToText());
        Assert.False(CloseReasons.TryParse("Kicked", out _));
        Assert.False(CloseReasons.TryParse(null, out _));
    }

    [Fact]
    public void Every_violation_and_fault_has_a_sentence()
    {
        string[] sentences = [.. Enum.GetValues<Violation>().Select(violation => new FrameHead { Violation = violation }.Describe(Limits.Default))];
        Assert.Equal(sentences.Length, sentences.Distinct().Count());
        string[] faults = [.. Enum.GetValues<SubjectFault>().Select(fault => fault.Describe("a.b"u8, Limits.Default))];
        Assert.Equal(faults.Length, faults.Distinct().Count());
    }

    [Fact]
    public void An_error_shows_its_context_entry_by_entry_and_nothing_where_there_is_none()
    {
        var context = new Dictionary<string, string> { ["sid"] = "3", ["subject"] = "a.b" };

        Assert.Equal(
            "ErrorCommand { Code = NotAllowed, Message = no rule allows it, Context = { sid = 3, subject = a.b } }",
            new ErrorCommand(ErrorCode.NotAllowed, "no rule allows it", context).ToString());
        Assert.Equal("ErrorCommand { Code = RetainedFull, Message = full }", new ErrorCommand(ErrorCode.RetainedFull, "full").ToString());
    }

    [Fact]
    public void Receipts_add_up() =>
        Assert.Equal(new Receipt(11, 22, 33, 44), new Receipt(1, 2, 3, 4) + new Receipt(10, 20, 30, 40));
}
