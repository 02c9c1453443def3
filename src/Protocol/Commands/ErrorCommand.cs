using System.Text;

namespace UdsBroker.Protocol;

/// <summary><c>[9, code, message:str, context:map or nil]</c>: something was refused; the connection lives. PROTOCOL.md, "ERROR".</summary>
/// <param name="Code">What was refused, for programs.</param>
/// <param name="Message">One sentence for people.</param>
/// <param name="Context">What it is about, as text: <c>sid</c>, <c>subject</c>, <c>reply</c>; null when there is none.</param>
public sealed record ErrorCommand(ErrorCode Code, string Message, IReadOnlyDictionary<string, string>? Context = null)
{
    // For ToString: without it the context would be the name of a type.
    private bool PrintMembers(StringBuilder text)
    {
        text.Append(null, $"Code = {Code}, Message = {Message}");
        if (Context is not null) text.Append(null, $", Context = {{ {string.Join(", ", Context.Select(entry => $"{entry.Key} = {entry.Value}"))} }}");
        return true;
    }
}
