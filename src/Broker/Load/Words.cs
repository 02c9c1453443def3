using System.Text;

namespace UdsBroker.Broker.Load;

/// <summary>Converts names in the code to the form used in statistics: lower case with hyphens.</summary>
internal static class Words
{
    internal static string Of(string name)
    {
        var words = new StringBuilder();
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && words.Length > 0) words.Append('-');
            words.Append(char.ToLowerInvariant(letter));
        }

        return words.ToString();
    }
}
