using System.Text;

namespace UdsBroker.Protocol.Tests;

/// <summary>The subjects of the broker and of inboxes.</summary>
public sealed class ReservedSubjectsTests
{
    private static readonly Guid Id = Guid.Parse("0190163d-8694-739b-aea5-966c26f8ad91");

    [Fact]
    public void A_prefix_of_an_inbox_is_written_and_read_again()
    {
        byte[] prefix = new byte[ReservedSubjects.InboxPrefixLength];
        ReservedSubjects.WriteInboxPrefix(prefix, Id);
        Assert.Equal("_INBOX.0190163d-8694-739b-aea5-966c26f8ad91."u8, prefix);
        Assert.True(ReservedSubjects.TryReadInbox([.. prefix, (byte)'1'], out Guid read));
        Assert.Equal(Id, read);
        Assert.Throws<ArgumentException>(() => ReservedSubjects.WriteInboxPrefix(new byte[43], Id));
        Assert.Throws<ArgumentException>(() => ReservedSubjects.WriteInboxPrefix(new byte[3], Id));
    }

    [Theory]
    [InlineData("_INBOX.0190163d-8694-739b-aea5-966c26f8ad91.", false)]
    [InlineData("_INBOX.0190163d-8694-739b-aea5-966c26f8ad91", false)]
    [InlineData("_INBOX.0190163d-8694-739b-aea5-966c26f8ad9x.1", false)]
    [InlineData("_INBOX.0190163d8694739baea5966c26f8ad91.1.2.3.4", false)]
    [InlineData("_INBOX.0190163d-8694-739b-aea5-966c26f8ad91.>", true)]
    [InlineData("_INBOX.0190163d-8694-739b-aea5-966c26f8ad91.a.b", true)]
    [InlineData("_inbox.0190163d-8694-739b-aea5-966c26f8ad91.1", false)]
    [InlineData("orders", false)]
    public void An_inbox_names_its_owner(string subject, bool expected) =>
        Assert.Equal(expected, ReservedSubjects.TryReadInbox(Encoding.ASCII.GetBytes(subject), out _));

    [Fact]
    public void Reserved_trees_are_recognized()
    {
        Assert.True(ReservedSubjects.IsSystem("$SYS.client"u8));
        Assert.False(ReservedSubjects.IsSystem("$SYSTEM.client"u8));
        Assert.True(ReservedSubjects.IsInbox("_INBOX.x"u8));
        Assert.False(ReservedSubjects.IsInbox("_INBOXES.x"u8));
        Assert.True(ReservedSubjects.IsBroker("_BROKER.drain"u8));
        Assert.False(ReservedSubjects.IsBroker("_BROKERS.drain"u8));
    }

    [Theory]
    [InlineData("$SYS.client.x.connected")]
    [InlineData("$other")]
    [InlineData("_INBOX.x")]
    [InlineData("_BROKER.drain")]
    public void A_wildcard_in_the_first_place_does_not_match_what_is_reserved(string subject)
    {
        byte[] utf8 = Encoding.ASCII.GetBytes(subject);
        Assert.False(SubjectPattern.Parse(">").Matches(utf8));
        Assert.False(SubjectPattern.Parse("*.>").Matches(utf8));
        Assert.True(SubjectPattern.Parse(subject).Matches(utf8));
    }
}
