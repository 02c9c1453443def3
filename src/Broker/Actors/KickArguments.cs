using System.Text.Json;

namespace UdsBroker.Broker.Actors;

/// <summary>
/// The arguments of <c>_BROKER.kick</c>: <c>{"id": "…", "message": "…"}</c>, the message, for the peer's GOODBYE, is optional.
/// </summary>
internal readonly record struct KickArguments(Guid Id, string Message)
{
    internal static bool TryRead(ReadOnlySpan<byte> json, out KickArguments arguments, out string problem)
    {
        arguments = default;
        problem = "the arguments of kick are a JSON object with the id of a connection: {\"id\": \"0190163d-8694-739b-aea5-966c26f8ad91\"}";
        try
        {
            var reader = new Utf8JsonReader(json);
            using var document = JsonDocument.ParseValue(ref reader);
            if (document.RootElement is not { ValueKind: JsonValueKind.Object } root
                || !root.TryGetProperty("id"u8, out var id) || id.ValueKind != JsonValueKind.String || !id.TryGetGuid(out var guid))
                return false;
            var message = root.TryGetProperty("message"u8, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "an operator closed the connection";
            arguments = new KickArguments(guid, message);
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false; // no JSON, or a text in it that is no UTF-8
        }
    }
}
