using System.Text;

namespace UdsBroker.Client.Tests;

/// <summary>Payloads as text, where a test is about something else.</summary>
internal static class Text
{
    public static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static string Of(Message message) => Encoding.UTF8.GetString(message.Payload.Span);

    /// <summary>Reads so many messages.</summary>
    public static async Task<List<string>> ReadAsync(Subscription subscription, int count)
    {
        List<string> texts = [];
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (texts.Count < count) texts.Add(Of(await subscription.ReadAsync(limit.Token)));
        return texts;
    }
}
